"""`make faults`: the promise of delivery as measured figures; faults done on purpose, counted at the mail server.

make faults                                 every campaign on SQLite and PostgreSQL
make faults ARGS="kills --letters 20000 --seed 7 --database SQLite"
make faults ARGS="--write"                  put the table into docs/explanation/delivery.md

Ends with status 1 if a campaign breaks the promise, or if a naive control keeps it (then nothing was tried).
"""

import argparse
import dataclasses
import datetime as dt
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from tests.faults.campaigns.programme import CAMPAIGNS, Size, played
from tests.faults.campaigns.stage import Row

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "explanation" / "delivery.md"
SERVER = os.environ.get("DEPESA_TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")
HEAD = (
    "| what was done | database | letters | faults | workers | seed | lost | doubled | unflagged |"
    " uncertain: answer not read / dot not sent / answer read | false quarantines | settled after |\n"
    "| --- | --- | --: | --- | --: | --: | --: | --: | --: | --- | --: | --: |"
)


def line(row: Row) -> str:
    """One campaign as a row of the table."""
    uncertain = f"{row.arrived} / {row.not_sent} / {row.read}" if row.uncertain else "0"
    counts = f"{row.workers} | {row.seed or '–'} | {row.lost} | {row.doubled} | {row.unflagged} | {uncertain}"
    settled = f"{row.seconds:.1f} s" if row.seconds else "–"
    return (
        f"| {row.name} | {row.database} | {row.letters:,} | {row.faults} | {counts} | {row.quarantines} | {settled} |"
    )


def verdict(row: Row) -> list[str]:
    """What is wrong with a row: a broken promise, or a control that shows nothing."""
    if not row.is_control:
        return row.problems()
    return [] if row.doubled + row.not_sent + row.read else ["the control shows neither doubles nor unknowns"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaigns", nargs="*", metavar="CAMPAIGN", help=", ".join(CAMPAIGNS))
    parser.add_argument("--letters", type=int, default=6000, help="of the campaigns that count many")
    parser.add_argument("--seconds", type=float, default=60, help="for which a database or a disk is away")
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], nargs="*", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--rows", action="store_true", help=argparse.SUPPRESS)  # of one database, for the table
    options = parser.parse_args()
    if unknown := set(options.campaigns) - set(CAMPAIGNS):
        parser.error(f"There is no campaign {', '.join(sorted(unknown))}. There are: {', '.join(CAMPAIGNS)}.")
    if options.rows:
        size = Size(options.letters, options.seconds, options.seed)
        for row in played(options.campaigns or list(CAMPAIGNS), size):
            print(json.dumps(dataclasses.asdict(row)), flush=True)
        return
    sys.exit(_shown(options))


def _shown(options: argparse.Namespace) -> int:
    head = f"{os.cpu_count()} cores, Python {platform.python_version()}, {dt.date.today():%Y-%m-%d}."
    print(f"{head}\n\n{HEAD}", flush=True)
    lines, wrong = [], []
    for database in options.database:
        for row in _rows(database):
            lines.append(line(row))
            print(lines[-1], flush=True)
            wrong += [f"{row.name} on {row.database}: {problem}" for problem in verdict(row)]
    print("", *wrong, sep="\n")
    if options.write:
        body = f"<!-- faults -->\n{head}\n\n{HEAD}\n" + "\n".join(lines) + "\n<!-- /faults -->"
        text = re.sub(r"<!-- faults -->.*<!-- /faults -->", lambda _match: body, PAGE.read_text(), flags=re.DOTALL)
        PAGE.write_text(text)
    return 1 if wrong else 0


def _rows(database: str):
    """The rows of the campaigns on one database, in a process that knows no other."""
    words = [word for word in sys.argv[1:] if word != "--write"]
    url = SERVER if database == "PostgreSQL" else ""
    command = [sys.executable, "-m", "tests.faults", *words, "--rows"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "DEPESA_DATABASE_URL": url}, stdout=subprocess.PIPE, text=True
    ) as playing:
        for said in playing.stdout:
            yield Row(**json.loads(said))
    if playing.returncode:
        raise SystemExit(f"The campaigns on {database} ended with {playing.returncode}.")


if __name__ == "__main__":
    main()
