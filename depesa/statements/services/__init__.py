"""The verbs of statements: form, render, send, re-form, leave out."""

from depesa.statements.services.dispatch import post_sending, send_again
from depesa.statements.services.formation import begin, form, form_due, form_planned, post_forming
from depesa.statements.services.omissions import leave_out, take_back
from depesa.statements.services.pdfs import render_again, render_due
from depesa.statements.services.refusals import follow_letters
from depesa.statements.services.revisions import re_form
from depesa.statements.services.setup import FORMING, SENDING, task
