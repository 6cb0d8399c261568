"""The verbs of orders: place, change, move, mark, generate, regenerate, credit, delete, remove, restore, bulk."""

from depesa.orders.services.bulk import ask, bulk_due, go_on, stop
from depesa.orders.services.changes import HEADER, change, items_told, remove, restore
from depesa.orders.services.documents.invoices import invoice, save_invoicing
from depesa.orders.services.documents.issue import Issued, Wish, generate
from depesa.orders.services.documents.pdfs import render, render_again, render_due
from depesa.orders.services.documents.revisions import credit, delete, left_to_credit, regenerate
from depesa.orders.services.drafts import DELIVERY, PARTY, ItemDraft, OrderDraft, Way, items_of
from depesa.orders.services.placement import place
from depesa.orders.services.state_settings import delete_state, save_state
from depesa.orders.services.states import Outcome, UnknownState, change_state, mark_paid, mark_resolved, state_named

__all__ = [
    "DELIVERY",
    "HEADER",
    "PARTY",
    "Issued",
    "ItemDraft",
    "OrderDraft",
    "Outcome",
    "UnknownState",
    "Way",
    "Wish",
    "ask",
    "bulk_due",
    "change",
    "change_state",
    "credit",
    "delete",
    "delete_state",
    "generate",
    "go_on",
    "invoice",
    "items_of",
    "items_told",
    "left_to_credit",
    "mark_paid",
    "mark_resolved",
    "place",
    "regenerate",
    "remove",
    "render",
    "render_again",
    "render_due",
    "restore",
    "save_invoicing",
    "save_state",
    "state_named",
    "stop",
]
