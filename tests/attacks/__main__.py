"""`make attacks`: start a Depesa for each kind of attack, attack it, and print what was tried and what got through.

make attacks                        everything; about ten minutes
make attacks ARGS="doors files"     these kinds only
make attacks ARGS="--list"          the kinds and their attacks
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.database import ROOT, environment

KINDS = ("roles", "doors", "links", "races", "files", "outside", "stored", "values")


def main() -> int:
    """0 if nothing got through, 1 if something did, 2 if an attack could not be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of {', '.join(KINDS)}")
    parser.add_argument("--list", action="store_true", help="say which attacks there are")
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"there is no kind {', '.join(sorted(unknown))}; write some of {', '.join(KINDS)}")
    chosen = options.kinds or KINDS
    if options.list:
        print("\n".join(f"{kind}: {name}" for kind in chosen for name in _named(kind)))
        return 0
    print("| kind | attack | requests | got through | seconds | peak MiB of the pages |")
    print("| --- | --- | --: | --: | --: | --: |", flush=True)
    through, broken = [], []
    for kind in chosen:
        for row in _rows(kind, broken):
            print("| {kind} | {attack} | {requests} | {count} | {seconds:.1f} | {peak:.0f} |".format(**row), flush=True)
            through += [f"{row['attack']}: {each}" for each in row["through"]]
    print("\n".join(["", *(f"- {each}" for each in [*broken, *through])]))
    return 2 if broken else int(bool(through))


def _named(kind: str) -> list[str]:
    done = subprocess.run(_words(kind, "--list"), cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def _rows(kind: str, broken: list[str]):
    """The rows of this kind, one as soon as it is there; it has a process and a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="depesa-attacks-") as folder:
        env = environment(
            Path(folder),
            f"sqlite:///{folder}/depesa.sqlite3",
            DEPESA_DEBUG="False",
            DEPESA_SMTP_URL="",
            DEPESA_API_RATE="1000000",
        )
        with subprocess.Popen(_words(kind, folder), env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                yield json.loads(line)
        if process.returncode:
            broken.append(f"{kind}: could not be tried to its end")


def _words(kind: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "tests.attacks.kinds", kind, *more]


if __name__ == "__main__":
    sys.exit(main())
