"""The verbs of the history: record, note, link what was recorded, prove that it is whole."""

from depesa.history.services.chain import Mark, Verdict, link_due, verify, verify_on
from depesa.history.services.entries import Fact, add_note, append_external, fact_of, record, tell, teller
