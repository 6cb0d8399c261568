"""The verbs of orders: place, change, move, mark, generate, regenerate, credit, delete, remove, restore, bulk."""

from depesa.orders.services import payments
from depesa.orders.services.bulk import ask, bulk_due, go_on, recall, stop
from depesa.orders.services.changes import change, items_told, remove, restore
from depesa.orders.services.documents.invoices import invoice, save_invoicing
from depesa.orders.services.documents.issue import Wish, generate
from depesa.orders.services.documents.pdfs import render_again, render_due
from depesa.orders.services.documents.revisions import credit, delete, left_to_credit, regenerate
from depesa.orders.services.drafts import DELIVERY, PARTY, ItemDraft, OrderDraft, Way
from depesa.orders.services.placement import place
from depesa.orders.services.state_settings import delete_state, save_state
from depesa.orders.services.states import Outcome, UnknownState, change_state, mark_paid, mark_resolved, state_named
