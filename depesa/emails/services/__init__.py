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

__all__ = [
    "CannotFill",
    "Changed",
    "Converted",
    "Faulty",
    "FileRefused",
    "Filled",
    "Html",
    "InUse",
    "MissingValue",
    "NoDefault",
    "NoText",
    "NotALink",
    "NotUsable",
    "NotYours",
    "Picture",
    "Preview",
    "Problem",
    "Setting",
    "SubjectNotUsable",
    "TooMuch",
    "Trial",
    "Values",
    "ValuesIn",
    "add",
    "attach",
    "body_of",
    "change",
    "check",
    "cleaned",
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
    "page_of",
    "preview",
    "record_by_number",
    "remove",
    "reset",
    "roll_back",
    "save",
    "spoken",
    "taken_out",
    "usages_of",
]
