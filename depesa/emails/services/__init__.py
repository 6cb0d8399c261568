"""The verbs of letters: check a text, save it, roll it back, fill it with values, make its HTML."""

from depesa.emails.contributions import record_by_number, usages_of
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
from depesa.emails.services.emails import NotYours, Setting, add, attach, change, copy, detach, remove
from depesa.emails.services.faults import Faulty, faulty_texts
from depesa.emails.services.frame import Html, body_of, frame, frame_many, framed, html_of
from depesa.emails.services.laboratory import examine
from depesa.emails.services.logos import Picture
from depesa.emails.services.markup import cleaned, spoken, taken_out
from depesa.emails.services.paste import convert
from depesa.emails.services.previews import page_of, preview
from depesa.emails.services.problems import check
from depesa.emails.services.texts import NotUsable, reset, roll_back, save
