"""The verbs of statements: form, render, send, re-form, leave out."""

from depesa.statements.services.dispatch import post_sending, send_again
from depesa.statements.services.formation import (
    FormingReport,
    begin,
    form,
    form_due,
    form_operation,
    form_planned,
    post_forming,
)
from depesa.statements.services.omissions import leave_out, take_back
from depesa.statements.services.pdfs import render_again, render_due
from depesa.statements.services.refusals import return_refused
from depesa.statements.services.revisions import re_form
from depesa.statements.services.setup import FORMING, SENDING, set_up, task

__all__ = [
    "FORMING",
    "SENDING",
    "FormingReport",
    "begin",
    "form",
    "form_due",
    "form_operation",
    "form_planned",
    "leave_out",
    "post_forming",
    "post_sending",
    "re_form",
    "render_again",
    "render_due",
    "return_refused",
    "send_again",
    "set_up",
    "take_back",
    "task",
]
