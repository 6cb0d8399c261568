"""What a statement prints: the ledger that is frozen when it is formed, its sheet, and its copies for machines."""

from depesa.statements.paper.copies import csv_copy, json_copy
from depesa.statements.paper.job import codes_of, file_name, job_of, printed
from depesa.statements.paper.ledger import Ledger, Row, frozen, ledger, money, rows_of
from depesa.statements.paper.sheet import CurrencyTotal, Figures, Revision, SheetRow, StatementSheet

__all__ = [
    "CurrencyTotal",
    "Figures",
    "Ledger",
    "Revision",
    "Row",
    "SheetRow",
    "StatementSheet",
    "codes_of",
    "csv_copy",
    "file_name",
    "frozen",
    "job_of",
    "json_copy",
    "ledger",
    "money",
    "printed",
    "rows_of",
]
