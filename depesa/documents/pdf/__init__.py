"""What stands on a paper: of an order, and of a statement."""

from depesa.documents.pdf.orders import builtin_source, data_of, order_job
from depesa.documents.pdf.sheet import CurrencyTotal, Figures, Revision, SheetRow, StatementSheet

__all__ = [
    "CurrencyTotal",
    "Figures",
    "Revision",
    "SheetRow",
    "StatementSheet",
    "builtin_source",
    "data_of",
    "order_job",
]
