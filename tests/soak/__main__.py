"""`make soak`: four clerks, two workers, an import and a month that is formed, at once on PostgreSQL.

make soak                                   ten minutes
make soak ARGS="--seconds 60 --seed 7"

Ends with status 1 if anything but a refusal with its sentence was met, or if something does not add up afterwards.
"""

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path

SERVER = os.environ.get("DEPESA_TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")
os.environ.setdefault("DEPESA_DATABASE_URL", SERVER)  # read when the modules below are
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depesa.config.settings")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--customers", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        migrated(Path(folder)) as template,
        own_database(template, Path(folder)) as env,
    ):
        told = soak(env, **vars(options))
    print(*told.errors, sep="\n")
    print(f"{options.seconds:.0f} s, seed {options.seed}: {told.done} acts, {told.refused} of them refused,", end=" ")
    print(f"{len(told.errors)} errors; {told.proof}")
    sys.exit(bool(told.errors or told.proof["unexplained"] or not told.proof["history"]))


if __name__ == "__main__":
    from tests.faults.database import migrated, own_database
    from tests.soak.play import soak

    main()
