"""Lines of a file gathered into documents on disk, so that memory does not grow with the file."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import batched, groupby, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from depesa.imports.rules import limits
from depesa.imports.rules.fields import LABELS
from depesa.imports.rules.lines import Line, LineReader
from depesa.imports.rules.profiles import Profile
from depesa.imports.rules.refusals import Problem, gettext_noop
from depesa.imports.rules.workbook import Row

_BATCH = 5_000
TWO_TYPES = Problem(
    gettext_noop("Documents of several types have this number, and this line names none. Write the type of each line."),
    field=LABELS["type"],
)
_COMPLETE = 1
_SETTINGS = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA temp_store=FILE",
    "PRAGMA cache_size=-4000",
)
_TABLES = """
    DROP TABLE IF EXISTS heads;
    DROP TABLE IF EXISTS lines;
    DROP TABLE IF EXISTS documents;
    DROP TABLE IF EXISTS customers;
    DROP TABLE IF EXISTS broken;
    CREATE TABLE broken (number TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE customers (code TEXT PRIMARY KEY, is_new INTEGER) WITHOUT ROWID;
    CREATE TABLE heads (id INTEGER PRIMARY KEY, key TEXT, value TEXT);
    CREATE TABLE lines (line INTEGER PRIMARY KEY, key TEXT, head INTEGER, problem TEXT, item_code TEXT,
        description TEXT, quantity TEXT, unit_price TEXT, net TEXT, vat_rate TEXT, vat TEXT, gross TEXT,
        number TEXT AS (substr(key, 1, instr(key || char(9), char(9)) - 1)));
"""
# Grouping by an index and reading in the order of a primary key sorts on disk, in pages, never in memory.
# In a file with types a line without one belongs to the only document of its number. Whatever is wrong with a line is
# wrong with every document of its number: they are gathered, and refused, as one.
_GATHER = """
    CREATE INDEX lines_key ON lines (key);
    UPDATE lines SET problem = ? WHERE problem IS NULL AND key LIKE '%' || char(9) AND (
        SELECT count(DISTINCT key) FROM lines typed WHERE typed.key > lines.key AND typed.key < lines.number || char(10)
    ) > 1;
    UPDATE lines SET key = coalesce((
        SELECT min(key) FROM lines typed WHERE typed.key > lines.key AND typed.key < lines.number || char(10)
    ), key) WHERE key LIKE '%' || char(9);
    INSERT OR IGNORE INTO broken SELECT number FROM lines WHERE problem IS NOT NULL;
    UPDATE lines SET key = number WHERE key <> number AND number IN broken;
    CREATE TABLE documents (first_line INTEGER PRIMARY KEY, key TEXT);
    INSERT INTO documents SELECT min(line), key FROM lines WHERE key <> '' GROUP BY key ORDER BY 1;
"""
_READ = """
    SELECT lines.*, documents.first_line
    FROM documents CROSS JOIN lines ON lines.key = documents.key
    WHERE documents.first_line > ?
    ORDER BY documents.first_line, lines.line
"""


class Gathered:
    """The lines of one document as they were staged, and the head values they agree or differ on."""

    __slots__ = ("first_line", "heads", "is_too_long", "key", "lines")

    def __init__(self, first_line: int, key: str, lines: list[Line]) -> None:
        self.first_line = first_line
        self.key = key
        self.lines = lines
        self.heads: list[dict[str, str]] = []
        self.is_too_long = False

    @property
    def problems(self) -> list[tuple[int, Problem]]:
        """The broken lines, the first ones only where there are many."""
        broken = ((line.line, line.problem) for line in self.lines if line.problem)
        return [(line, Problem.from_json(text)) for line, text in islice(broken, limits.MAX_PROBLEMS)]

    @property
    def number(self) -> str:
        return self.key.partition("\t")[0]

    def values(self, name: str) -> list[str]:
        """The different values of a head field on the lines; blank cells take the others' value."""
        return list(dict.fromkeys(head[name] for head in self.heads if head.get(name)))


class Stage:
    """A temporary SQLite file of one upload's lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        for setting in _SETTINGS:
            self.connection.execute(setting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    @property
    def is_complete(self) -> bool:
        """Was every row staged and gathered?"""
        return bool(self._count("PRAGMA user_version") == _COMPLETE)

    @property
    def lines(self) -> int:
        """Rows under the header, broken ones included, blank ones not."""
        return self._count("SELECT count(*) FROM lines")

    @property
    def documents(self) -> int:
        """Different document numbers."""
        return self._count("SELECT count(*) FROM documents")

    def fill(
        self,
        rows: Iterable[Row],
        profile: Profile,
        header: tuple[str, ...],
        report: Callable[[int], None] | None = None,
    ) -> None:
        """Stage every row and gather them into documents; says how many lines were read after each batch."""
        heads: list[tuple[int, str, str]] = []
        reader = LineReader(profile, header, lambda *head: heads.append(head))
        execute = self.connection.execute
        execute("BEGIN")
        for statement in _TABLES.split(";"):
            execute(statement)
        done = 0
        for batch in batched(rows, _BATCH):
            self.connection.executemany("INSERT INTO lines VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", map(reader.read, batch))
            self.connection.executemany("INSERT INTO heads VALUES (?,?,?)", heads)
            heads.clear()
            done += len(batch)
            if report:
                report(done)
        for statement in _GATHER.split(";"):
            execute(statement, [TWO_TYPES.to_json()] * statement.count("?"))
        execute(f"PRAGMA user_version={_COMPLETE}")
        execute("COMMIT")

    def gather(self, after: int = 0) -> Iterator[Gathered]:
        """Documents in the order of their first line, from the one after the given first line on."""
        rows = self.connection.execute(_READ, (after,))
        for first_line, group in groupby(rows, key=itemgetter(-1)):
            lines = [Line(*row[:-2]) for row in islice(group, limits.MAX_DOCUMENT_LINES)]
            document = Gathered(first_line, lines[0].key, lines)
            document.is_too_long = next(group, None) is not None
            document.heads = [self._read_head(head) for head in dict.fromkeys(line.head for line in lines)]
            yield document

    def _read_head(self, head: int) -> dict[str, str]:
        """What the lines of one document repeat; nothing for a broken row."""
        row = self.connection.execute("SELECT value FROM heads WHERE id = ?", (head,)).fetchone()
        values: dict[str, str] = json.loads(row[0]) if row else {}
        return values

    def note_customers(self, codes: Iterable[tuple[str, bool]]) -> None:
        """Remember whose documents will come in, and whether the customer is new."""
        self.connection.executemany("INSERT OR IGNORE INTO customers VALUES (?,?)", codes)

    def forget_customers(self) -> None:
        """Begin the count of customers again."""
        self.connection.execute("DELETE FROM customers")

    @property
    def customers(self) -> tuple[int, int]:
        """How many customers were noted, and how many of them are new."""
        found = self.connection.execute("SELECT count(*), total(is_new) FROM customers").fetchone()
        return int(found[0]), int(found[1])

    def loose_lines(self) -> Iterator[tuple[int, Problem]]:
        """Broken rows that belong to no document."""
        for line, problem in self.connection.execute("SELECT line, problem FROM lines WHERE key = '' ORDER BY line"):
            yield line, Problem.from_json(problem)

    def _count(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])
