"""The verbs of statements: form, render, send, re-form, leave out."""

from depesa.operations.rules import Work, register
from depesa.staff.rules import Right
from depesa.statements.queries import foresee_forming, foresee_sending, page_of, papers_of
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
from depesa.statements.services.leaving_out import leave_out, take_back
from depesa.statements.services.pdfs import render_again, render_due
from depesa.statements.services.refusals import return_refused
from depesa.statements.services.revisions import re_form
from depesa.statements.services.setting_up import FORMING, SENDING, set_up, task

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
    "plug_in",
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


def plug_in() -> None:
    """Tell operations what posting a forming operation and a sending operation does."""
    register(
        FORMING,
        Work(post=post_forming, right=Right.POST, is_monthly=True, foresee=foresee_forming, page=page_of),
    )
    register(
        SENDING,
        Work(
            post=post_sending,
            right=Right.SEND,
            leave_out=leave_out,
            take_back=take_back,
            foresee=foresee_sending,
            papers=papers_of,
            send_again=send_again,
            page=page_of,
        ),
    )
