"""How one kind of file is understood: which column is which field, and rules for signs, types and dates."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from depesa.imports.rules.dates import DateOrder, detect_order
from depesa.imports.rules.fields import BY_NAME, CREDIT_NOTE, INVOICE, KINDS, LABELS, RETURN, guess_columns
from depesa.imports.rules.numbers import detect_decimal_sign
from depesa.imports.rules.refusals import Unreadable, gettext_noop
from depesa.imports.rules.workbook import Row

MISSING_COLUMN = gettext_noop("The column “%(column)s” is missing. The file has: %(header)s.")
MISSING_FIELD = gettext_noop("Choose its column, or a value for the whole file.")
NO_AMOUNT = gettext_noop("Choose the column of the unit price, of the net or of the gross amount.")
UNKNOWN_TYPE = gettext_noop("“%(kind)s” is not a type of sales document. Choose one of: %(kinds)s.")
UNKNOWN_PROFILE = gettext_noop("There is no profile “%(name)s”. There are: %(names)s.")
BROKEN_PROFILE = gettext_noop("The profile cannot be read. Save it again under its name.")

NO_TYPE = ""
"""A prefix that means this kind of document is never taken."""


@dataclass(frozen=True)
class Profile:
    """A way of reading, kept under a name."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    """Field to column name."""
    constants: dict[str, str] = field(default_factory=dict)
    """Field to the value that holds where the cell is empty; `{customer_code}` is filled in."""
    decimal_sign: str = ""
    """"." or ","; empty: found out from the file."""
    date_order: DateOrder = "auto"
    is_signed: bool = True
    """Are returns written with negative amounts (or quantities)?"""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Start of the number to type; the longest that fits counts. NO_TYPE: refused."""
    negative_type: str = ""
    """Type of a document whose sum is negative, where neither column nor prefix says it."""
    is_posted: bool = False
    """Are the documents posted as they come in?"""
    encoding: str = ""
    separator: str = ""

    def to_mapping(self) -> dict[str, Any]:
        """The profile as it is kept in a row."""
        return asdict(self)

    @classmethod
    def from_mapping(cls, mapping: dict[str, Any]) -> Profile:
        """The profile out of a row."""
        try:
            return cls(**mapping)
        except TypeError:
            raise Unreadable(BROKEN_PROFILE) from None


ONLINE_RETAIL = Profile(
    name="online-retail",
    columns={
        "number": "InvoiceNo",
        "item_code": "StockCode",
        "description": "Description",
        "quantity": "Quantity",
        "date": "InvoiceDate",
        "unit_price": "UnitPrice",
        "customer_code": "CustomerID",
        "country": "Country",
    },
    constants={
        "type": INVOICE,
        "currency": "GBP",
        "vat_rate": "0",
        "language": "en",
        "email": "{customer_code}@retail.example",
        "customer_name": "Customer {customer_code}",
    },
    decimal_sign=".",
    prefixes={"C": RETURN, "A": NO_TYPE},
    is_posted=True,
)
DEPESA = Profile(
    name="depesa",
    columns={name: name for name in BY_NAME},
    constants={"type": INVOICE},
    negative_type=CREDIT_NOTE,
)
BUILT_IN = {profile.name: profile for profile in (ONLINE_RETAIL, DEPESA)}


def guess(header: tuple[str, ...], rows: list[Row], name: str = "depesa") -> Profile:
    """A profile from the header and the first rows; a built-in one where its columns are all there."""
    if set(ONLINE_RETAIL.columns.values()) <= set(header):
        return ONLINE_RETAIL
    columns = guess_columns(header)
    if "total" in columns and not columns.keys() & {"unit_price", "net", "gross"}:
        columns["gross"] = columns.pop("total")
    at = {column: number for number, column in enumerate(header)}
    wanted = [columns[key] for key in ("quantity", "unit_price", "net", "vat", "gross", "total") if key in columns]
    whole = [cells for _, cells, problem in rows if problem is None]
    numbers = [cells[at[column]] for cells in whole for column in wanted]
    dates = [cells[at[columns["date"]]] for cells in whole] if "date" in columns else []
    return replace(
        DEPESA,
        name=name,
        columns=columns,
        decimal_sign=detect_decimal_sign(numbers) or "",
        date_order=detect_order(dates),
    )


def fit(profile: Profile, header: tuple[str, ...]) -> Profile:
    """The profile as the file can meet it; refused where a column it names is not there or a field lacks."""
    columns = {name: column for name, column in profile.columns.items() if column}
    if profile.name == DEPESA.name and columns == DEPESA.columns:
        columns = guess_columns(header)
    # In the order of the fields, whatever order a database gives the keys of a mapping back in.
    for column in (columns[name] for name in BY_NAME if name in columns):
        if column not in header:
            raise Unreadable(MISSING_COLUMN, column=column, header=", ".join(header[:20]))
    fitted = replace(profile, columns=columns)
    _check_profile(fitted)
    return fitted


def _check_profile(profile: Profile) -> None:
    known = profile.columns.keys() | {name for name, value in profile.constants.items() if value}
    for name in ("number", "date", "customer_code", "currency"):
        if name not in known:
            raise Unreadable(MISSING_FIELD, field=LABELS[name])
    if not known & {"unit_price", "net", "gross"}:
        raise Unreadable(NO_AMOUNT)
    if "vat_rate" not in known and not {"net", "gross"} <= known and not {"net", "vat"} <= known:
        raise Unreadable(MISSING_FIELD, field=LABELS["vat_rate"])
    for kind in (*profile.prefixes.values(), profile.negative_type, profile.constants.get("type", "")):
        if kind and kind not in KINDS:
            raise Unreadable(UNKNOWN_TYPE, kind=kind, kinds=", ".join(KINDS))
