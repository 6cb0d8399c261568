"""What a statement prints: the ledger that is frozen when it is formed, its sheet, and its copies for machines."""

from depesa.statements.paper.copies import csv_copy, json_copy
from depesa.statements.paper.job import codes_of, file_name, job_of, lay_out
from depesa.statements.paper.ledger import Ledger, Row, freeze, ledger, money, rows_of
from depesa.statements.paper.sheet import Amounts, CurrencyTotal, Revision, SheetRow, StatementSheet
