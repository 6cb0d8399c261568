"""A migrated database of its own for processes that are killed: a SQLite file or a PostgreSQL database."""

import os
import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRESQL = os.environ.get("DEPESA_DATABASE_URL", "")


def environment(folder: Path, database: str, **more: str) -> dict[str, str]:
    """What a Depesa process of its own needs to know."""
    return {
        **os.environ,
        "DEPESA_DATA_DIR": str(folder),
        "DEPESA_DATABASE_URL": database,
        "DEPESA_RENDERERS": "1",
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def depesa(env: dict[str, str], *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command of the product in its own process."""
    return subprocess.run(
        [sys.executable, "-m", "depesa", *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def python(env: dict[str, str], code: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a few lines inside a configured Depesa process."""
    start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'depesa.config.settings'; django.setup()\n"
    return subprocess.run(
        [sys.executable, "-c", start + code],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@contextmanager
def own_database(template: Path, folder: Path):
    """A fresh copy of the migrated template; gives the environment of processes that use it."""
    if POSTGRESQL:
        name = f"depesa_{uuid.uuid4().hex[:12]}"
        _sql(f"CREATE DATABASE {name} TEMPLATE {_template_name(template)}")
        try:
            yield environment(folder, _named(name))
        finally:
            _sql(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        shutil.copy(template, folder / "depesa.sqlite3")
        yield environment(folder, f"sqlite:///{folder / 'depesa.sqlite3'}")


@contextmanager
def migrated(folder: Path):
    """The template: migrated once a session."""
    template = folder / "template.sqlite3"
    if POSTGRESQL:
        name = _template_name(template)
        _sql(f"CREATE DATABASE {name}")
        url = _named(name)
    else:
        url = f"sqlite:///{template}"
    done = depesa(environment(folder, url), "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    if not POSTGRESQL:
        python(
            environment(folder, url),
            "from django.db import connection as c\nc.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')",
        )
    try:
        yield template
    finally:
        if POSTGRESQL:
            _sql(f"DROP DATABASE {name} WITH (FORCE)")


def _template_name(template: Path) -> str:
    return f"depesa_template_{abs(hash(str(template))) % 10**10}_{os.getpid()}"


def _named(name: str) -> str:
    return urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()


def _sql(statement: str) -> None:
    subprocess.run(["psql", POSTGRESQL, "-qc", statement], check=True, capture_output=True)
