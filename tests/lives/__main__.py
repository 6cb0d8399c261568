"""`make lives`: lives of orders and documents at random, compared with small models after every step.

make lives                                  10,000 steps of each life on SQLite and PostgreSQL
make lives ARGS="--steps 500 --seed 7 --database SQLite"

Ends with status 1 at the first difference, told as the shortest story that leads to it.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time

SERVER = os.environ.get("DEPESA_TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000, help="of each life")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], nargs="*", default=["SQLite", "PostgreSQL"])
    options = parser.parse_args()
    statuses = []
    for database in options.database:
        env = os.environ | {
            "DEPESA_LIVES_STEPS": str(options.steps),
            "DEPESA_DATABASE_URL": SERVER if database == "PostgreSQL" else "",
        }
        begun = time.monotonic()
        words = ["pytest", "-q", "--no-header", "--durations=0", f"--hypothesis-seed={options.seed}", "tests/lives"]
        statuses.append(subprocess.run([sys.executable, "-m", *words], env=env, check=False).returncode)
        said = "a difference" if statuses[-1] else "no difference"
        told = f"{database}: {options.steps:,} steps of each life, seed {options.seed}: {said}"
        print(f"{told}, {time.monotonic() - begun:.0f} s", flush=True)
    sys.exit(max(statuses))


if __name__ == "__main__":
    main()
