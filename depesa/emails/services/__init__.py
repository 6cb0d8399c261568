"""The verbs of letters: check a text, save it, roll it back, fill it with values, make its HTML."""

from depesa.emails.contributions import Values, ValuesIn, record_by_number, usages_of
from depesa.emails.services.content import (
    CannotFill,
    Filled,
    MissingValue,
    NotALink,
    NoText,
    SubjectNotUsable,
    TooMuch,
    fill,
    fill_many,
    fill_text,
    text_for,
)
from depesa.emails.services.emails import (
    FileRefused,
    InUse,
    NotYours,
    Setting,
    add,
    attach,
    change,
    copy,
    detach,
    remove,
)
from depesa.emails.services.faults import Faulty, faulty_texts
from depesa.emails.services.frame import Html, body_of, frame, frame_many, framed, html_of
from depesa.emails.services.laboratory import Trial, examine
from depesa.emails.services.logos import Picture
from depesa.emails.services.markup import cleaned, spoken, taken_out
from depesa.emails.services.paste import Converted, convert
from depesa.emails.services.previews import Preview, page_of, preview
from depesa.emails.services.problems import Problem, check
from depesa.emails.services.texts import Changed, NoDefault, NotUsable, reset, roll_back, save
from depesa.emails.services.values import (
    statement_values,
    values_of_company,
    values_of_customer,
)
from depesa.emails.services.values_of_accounts import account_values, contact_form_values, newsletter_values
from depesa.emails.services.values_of_orders import (
    DocumentFacts,
    ItemFacts,
    OrderFacts,
    Reader,
    order_values,
    values_of_reader,
)

__all__ = [
    "CannotFill",
    "Changed",
    "Converted",
    "DocumentFacts",
    "Faulty",
    "FileRefused",
    "Filled",
    "Html",
    "InUse",
    "ItemFacts",
    "MissingValue",
    "NoDefault",
    "NoText",
    "NotALink",
    "NotUsable",
    "NotYours",
    "OrderFacts",
    "Picture",
    "Preview",
    "Problem",
    "Reader",
    "Setting",
    "SubjectNotUsable",
    "TooMuch",
    "Trial",
    "Values",
    "ValuesIn",
    "account_values",
    "add",
    "attach",
    "body_of",
    "change",
    "check",
    "cleaned",
    "contact_form_values",
    "convert",
    "copy",
    "detach",
    "examine",
    "faulty_texts",
    "fill",
    "fill_many",
    "fill_text",
    "frame",
    "frame_many",
    "framed",
    "html_of",
    "newsletter_values",
    "order_values",
    "page_of",
    "preview",
    "record_by_number",
    "remove",
    "reset",
    "roll_back",
    "save",
    "spoken",
    "statement_values",
    "taken_out",
    "text_for",
    "usages_of",
    "values_of_company",
    "values_of_customer",
    "values_of_reader",
]
