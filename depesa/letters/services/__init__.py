"""The verbs of letters: check a text, save it, roll it back, fill it with values, make its HTML."""

from depesa.letters.services.filling import (
    CannotFill,
    Filled,
    MissingValue,
    NotALink,
    NoText,
    SubjectNotUsable,
    TooMuch,
    Values,
    ValuesIn,
    fill,
    fill_many,
    fill_text,
    text_for,
)
from depesa.letters.services.frame import html_of
from depesa.letters.services.previews import Preview, preview
from depesa.letters.services.problems import Problem, check
from depesa.letters.services.texts import Changed, NotUsable, roll_back, save
from depesa.letters.services.values import (
    documents_in_words,
    money_in_words,
    month_in_words,
    statement_values,
    values_of_company,
    values_of_customer,
)

__all__ = [
    "CannotFill",
    "Changed",
    "Filled",
    "MissingValue",
    "NoText",
    "NotALink",
    "NotUsable",
    "Preview",
    "Problem",
    "SubjectNotUsable",
    "TooMuch",
    "Values",
    "ValuesIn",
    "check",
    "documents_in_words",
    "fill",
    "fill_many",
    "fill_text",
    "html_of",
    "money_in_words",
    "month_in_words",
    "preview",
    "roll_back",
    "save",
    "statement_values",
    "text_for",
    "values_of_company",
    "values_of_customer",
]
