"""Two hundred thousand lines: read, gathered and assembled without memory that grows with the file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LINES = 200_000

SCRIPT = """
import json, resource, sys, time
from pathlib import Path
from depesa.imports.rules import rows, sales
from depesa.imports.rules.profiles import ONLINE_RETAIL
from depesa.imports.rules.stage import Stage

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def take(path):
    shape = rows.inspect(path)
    with Stage(path.with_suffix(".stage")) as stage:
        stage.fill(rows.read_rows(path, shape), ONLINE_RETAIL, shape.header)
        documents = sum(one.document is not None for one in sales.assemble_all(stage, ONLINE_RETAIL))
        return stage.lines, documents

small, big = map(Path, sys.argv[1:])
take(small)
before, started = peak(), time.process_time()
lines, documents = take(big)
print(json.dumps([lines, documents, peak() - before, time.process_time() - started]))
"""


def write(path: Path, lines: int) -> Path:
    with path.open("w") as file:
        file.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
        for line in range(lines):
            # Every document stands in two places far apart, so that gathering has work to do.
            number = 500_000 + line // 10 % (LINES // 20)
            file.write(
                f"{number},{line % 3000},ITEM {line},{line % 90 + 1},2011-06-{number % 28 + 1:02},"
                f"{line % 7}.{line % 90 + 10},{number % 4000},United Kingdom\n"
            )
    return path


@pytest.mark.slow
def test_two_hundred_thousand_lines_cost_no_memory(tmp_path):
    small, big = write(tmp_path / "small.csv", 20_000), write(tmp_path / "big.csv", LINES)
    measured = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(small), str(big)], capture_output=True, text=True, check=True
    )
    lines, documents, megabytes, seconds = json.loads(measured.stdout)
    assert (lines, documents) == (LINES, LINES // 20)
    assert megabytes < 12  # the file has 13 MB, its lines as Python objects would take some 160
    assert seconds < 16  # about 4 on an idle machine of 2026
