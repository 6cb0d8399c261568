"""The command line: two words are one command."""

import os
import subprocess
import sys

from depesa.config.cli import joined


def test_two_words_are_joined_where_there_is_such_a_command():
    assert joined(["depesa", "import", "sales", "x.csv"]) == ["depesa", "import_sales", "x.csv"]
    assert joined(["depesa", "migrate", "sales"]) == ["depesa", "migrate", "sales"]


def test_commands_of_the_product_are_known_from_a_fresh_start(tmp_path):
    words = ["-c", "from depesa.config.cli import main; main()", "import", "sales", "nowhere.csv"]
    ran = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "DEPESA_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "There is no file nowhere.csv." in ran.stderr
