"""`make bench`: form, render, seal and deliver a month, and write the letters of 10,000 changes of state.

On SQLite and PostgreSQL, with CPU and memory of each phase.

make bench                              1,000 and 10,000 customers with 12 documents each
make bench ARGS="--customers 1000"      one size
make bench ARGS="--customers --changes 10000"   the letters of changes only
make bench ARGS="--write"               put the table into docs/explanation/performance.md
"""

import argparse
import datetime as dt
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "explanation" / "performance.md"
POSTGRESQL = os.environ.get("DEPESA_TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")
PHASES = ("form", "render", "seal", "deliver")
OF_CHANGES = ("note", "render letters", "write")


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def _sink() -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sink", "--port", str(port), "--fast"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, port
    raise SystemExit("the sink did not start")


def measure(database: str, customers: int, documents: int) -> dict[str, dict[str, float]]:
    """The figures of every phase of one month in a fresh database."""
    return _measured(database, ("seed", str(customers), str(documents)), PHASES)


def measure_changes(database: str, changes: int) -> dict[str, dict[str, float]]:
    """The figures of noting so many changes of state and of writing their letters in a fresh database."""
    return _measured(database, ("prepare", str(changes)), OF_CHANGES)


def _measured(database: str, seeding: tuple[str, ...], phases: tuple[str, ...]) -> dict[str, dict[str, float]]:
    folder = Path(tempfile.mkdtemp(prefix="depesa-bench-"))
    name = f"bench_{uuid.uuid4().hex[:8]}"
    url = f"sqlite:///{folder / 'depesa.sqlite3'}"
    if database == "PostgreSQL":
        subprocess.run(["psql", POSTGRESQL, "-qc", f"CREATE DATABASE {name}"], check=True)
        url = POSTGRESQL.rpartition("/")[0] + "/" + name
    sink, port = _sink()
    env = {
        **os.environ,
        "DEPESA_DATA_DIR": str(folder),
        "DEPESA_DATABASE_URL": url,
        "DEPESA_LOG_LEVEL": "WARNING",
        "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    try:
        _run(env, "-m", "depesa", "migrate", "--verbosity", "0")
        _run(env, "-m", "tests.bench.phase", *seeding)
        return {phase: json.loads(_run(env, "-m", "tests.bench.phase", phase).splitlines()[-1]) for phase in phases}
    finally:
        sink.kill()
        sink.wait()
        if database == "PostgreSQL":
            subprocess.run(["psql", POSTGRESQL, "-qc", f"DROP DATABASE {name} WITH (FORCE)"], check=True)
        shutil.rmtree(folder)


def table(database: str, customers: int, documents: int, figures: dict[str, dict[str, float]]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        f"**{database}, {customers:,} customers with {documents} documents each**",
        "",
        "| phase | seconds | a second | CPU ms a statement | peak MiB | peak MiB of a child |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for phase, row in figures.items():
        lines.append(
            f"| {phase} | {row['seconds']:.1f} | {customers / row['seconds']:,.0f} |"
            f" {row['cpu'] / customers * 1000:.2f} | {row['peak_mib']:.0f} | {row['child_peak_mib']:.0f} |"
        )
    seconds, cpu = (sum(row[key] for row in figures.values()) for key in ("seconds", "cpu"))
    lines.append(
        f"| **together** | {seconds:.1f} | **{customers / seconds:,.0f}** | **{cpu / customers * 1000:.2f}** | | |"
    )
    return "\n".join(lines) + "\n"


def table_of_changes(database: str, changes: int, figures: dict[str, dict[str, float]]) -> str:
    """The figures of letters of changes as a table in Markdown."""
    lines = [
        f"**{database}, {changes:,} changes of state with a letter each** (five items, HTML with its table)",
        "",
        "| phase | seconds | a second | CPU ms a letter | a second of one core | peak MiB |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for phase, row in figures.items():
        lines.append(
            f"| {phase} | {row['seconds']:.1f} | {changes / row['seconds']:,.0f} |"
            f" {row['cpu'] / changes * 1000:.2f} | {changes / row['cpu']:,.0f} | {row['peak_mib']:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="*", default=[1000, 10000])
    parser.add_argument("--changes", type=int, nargs="*", default=[10000])
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], nargs="*", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    head = f"{os.cpu_count()} cores, Python {platform.python_version()}, {dt.date.today():%Y-%m-%d}"
    print(head, flush=True)
    tables = []
    for customers in options.customers:
        for database in options.database:
            tables.append(
                table(database, customers, options.documents, measure(database, customers, options.documents))
            )
            print("\n" + tables[-1], flush=True)
    for changes in options.changes:
        for database in options.database:
            tables.append(table_of_changes(database, changes, measure_changes(database, changes)))
            print("\n" + tables[-1], flush=True)
    if options.write:
        text = PAGE.read_text()
        body = f"<!-- bench -->\n{head}.\n\n" + "\n".join(tables) + "<!-- /bench -->"
        PAGE.write_text(re.sub(r"<!-- bench -->.*<!-- /bench -->", lambda _match: body, text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
