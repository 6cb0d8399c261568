"""A migrated database of its own for processes that are killed: a SQLite file or a PostgreSQL database."""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import django

from tests.faults.processes import Apart

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = "depesa.sqlite3"
READ_BY_MIGRATIONS = {"migrations", "presets", "presets.py", "search.py", "search_index.py", "sqlite"}
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


def depesa(env: dict[str, str], *words: str, timeout: float = 400) -> subprocess.CompletedProcess[str]:
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


def python(env: dict[str, str], code: str, timeout: float = 400) -> subprocess.CompletedProcess[str]:
    """Run a few lines inside a Depesa process of its own."""
    return Apart(env, code).ended(timeout)


@contextmanager
def own_database(template: str, folder: Path):
    """A fresh copy of a template (a file, or a database of the server); gives the environment of its processes."""
    if POSTGRESQL:
        name = f"depesa_{uuid.uuid4().hex[:12]}"
        _sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield environment(folder, _named(name))
        finally:
            _sql(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        copy(template, folder / FILE)
        yield environment(folder, f"sqlite:///{folder / FILE}")


def copy(template: str, file: Path) -> None:
    """A copy of a SQLite database, whatever of it stands in its journal."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)


def name_of(env: dict[str, str]) -> str:
    """The database of this environment as a template for others."""
    url = env["DEPESA_DATABASE_URL"]
    return urlsplit(url).path[1:] if POSTGRESQL else url.removeprefix("sqlite:///")


@contextmanager
def migrated(folder: Path, *, is_file: bool = not POSTGRESQL):
    """The migrated template in a folder that all workers share: the first one makes it, the last one removes it.

    A file is copied from one that an earlier run left, as long as the migrations and what they read are the same.
    """
    name = f"depesa_template_{uuid.uuid5(uuid.NAMESPACE_URL, str(folder)).hex[:12]}"
    template = str(folder / "template.sqlite3") if is_file else name
    with _users_of(folder / f"template-{is_file}") as users:
        if users.count == 0 and is_file:
            Path(template).unlink(missing_ok=True)  # half made by a try that failed
            copy(str(_kept_file()), Path(template))
        elif users.count == 0:
            _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            _sql(f"CREATE DATABASE {name}")
            _migrate(folder, _named(name))
        users.count += 1
    try:
        yield template
    finally:
        with _users_of(folder / f"template-{is_file}") as users:
            users.count -= 1
            if users.count == 0 and is_file:
                Path(template).unlink()
            elif users.count == 0:
                _sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def worker_database(connection, template: str):
    """Let the connection of this worker use a copy of the template of its own, instead of migrating once more."""
    own = connection.settings_dict["NAME"]
    name = connection.creation._get_test_db_name()
    connection.close()
    if connection.vendor == "postgresql":
        _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(template)) as source:
            source.backup(connection.connection)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        if connection.vendor == "postgresql":
            _sql(f"DROP DATABASE {name} WITH (FORCE)")


def _kept_file() -> Path:
    """The migrated file of this state of the tables, made if it is not there; older ones are left to the system."""
    folder = Path(tempfile.gettempdir()) / f"depesa-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{_state_of_tables()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            half = file.with_suffix(".half")
            half.unlink(missing_ok=True)
            _migrate(folder, f"sqlite:///{half}")
            with closing(sqlite3.connect(half)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
            half.rename(file)
    return file


def _state_of_tables() -> str:
    """What the migrations and everything that they may read look like, as one word."""
    seen = hashlib.sha256(django.__version__.encode())
    for path in sorted((ROOT / "depesa").rglob("*.py")):
        if READ_BY_MIGRATIONS & set(path.parts):
            seen.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def _migrate(folder: Path, url: str) -> None:
    done = depesa(environment(folder, url), "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@dataclass
class _Users:
    count: int


@contextmanager
def _users_of(path: Path):
    """How many workers use something, while nobody else may ask."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = _Users(int(file.read() or 0))
        yield users
        file.truncate(0)
        file.write(str(users.count))


def _named(name: str) -> str:
    return urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()


def _sql(statement: str) -> None:
    subprocess.run(["psql", POSTGRESQL, "-qc", statement], check=True, capture_output=True)
