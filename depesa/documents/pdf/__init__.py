"""What stands on the sheet of a statement."""

from depesa.documents.pdf.sheet import CurrencyTotal, Figures, Revision, SheetRow, StatementSheet

__all__ = [
    "CurrencyTotal",
    "Figures",
    "Revision",
    "SheetRow",
    "StatementSheet",
]
