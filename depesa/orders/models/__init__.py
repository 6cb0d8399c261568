"""States, orders with their items, their documents, drafts of letters, bulk edits, settings of invoicing."""

from depesa.orders.models.bulk import Bulk, BulkItem
from depesa.orders.models.documents import OrderDocument
from depesa.orders.models.letters import DraftFile, LetterDraft
from depesa.orders.models.orders import Item, ItemKind, Order, PaymentKind
from depesa.orders.models.settings import AutomaticInvoice, Invoicing
from depesa.orders.models.states import State
