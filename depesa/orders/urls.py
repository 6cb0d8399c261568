"""Addresses of pages about orders."""

from django.urls import include, path

from depesa.orders.models.bulk import Verb
from depesa.orders.views import (
    bulk,
    changes,
    credit,
    detail,
    documents,
    letter_preview,
    letters,
    placement,
    register,
    settings,
    states,
    templates,
    trade,
)

app_name = "orders"
urlpatterns = [
    # The register, and many orders at once.
    path("", register.orders, name="orders"),
    path("<key:pk>/preview/", register.preview, name="preview"),
    path("bulk/invoices/", bulk.bulk_invoices, name="bulk_invoices"),
    *(
        path(f"bulk/{verb.value}/", bulk.bulk, {"verb": verb.value}, name=f"bulk_{verb.value}")
        for verb in Verb
        if verb != Verb.INVOICES
    ),
    path("bulk/<key:pk>/", bulk.progress, name="bulk_progress"),
    path("bulk/<key:pk>/stop/", bulk.stop, name="bulk_stop"),
    path("bulk/<key:pk>/recall/", bulk.recall, name="bulk_recall"),
    path("bulk/<key:pk>/go-on/", bulk.go_on, name="bulk_continuation"),
    # A new order.
    path("new/", placement.new, name="new"),
    path("customers/", placement.customer_hits, name="customer_hits"),
    path("products/", changes.product_hits, name="product_hits"),
    # One order: its tabs and its verbs.
    path("<key:pk>/", detail.order, name="order"),
    path("<key:pk>/customer/", detail.customer, name="customer"),
    path("<key:pk>/communication/", detail.communication, name="communication"),
    path("<key:pk>/history/", detail.history, name="history"),
    path("<key:pk>/note/", detail.note, name="note"),
    path("<key:pk>/state/", states.change_state, name="state"),
    path("<key:pk>/payment/", states.mark_paid, name="payment"),
    path("<key:pk>/resolution/", states.mark_resolved, name="resolution"),
    path("<key:pk>/removal/", states.remove, name="removal"),
    path("<key:pk>/restoring/", states.restore, name="restoration"),
    path("<key:pk>/edit/", changes.edit, name="edit"),
    # Its documents.
    path("<key:pk>/documents/<slug:code>/new/", documents.generate, name="new_document"),
    path("documents/<key:pk>/", documents.document, name="document"),
    path("documents/<key:pk>/regenerating/", documents.regenerate, name="regeneration"),
    path("documents/<key:pk>/deleting/", documents.delete, name="document_deletion"),
    path("documents/<key:pk>/crediting/", credit.credit, name="credit_note"),
    path("documents/<key:pk>/trying-again/", documents.try_again, name="retry"),
    # A letter about it.
    path("<key:pk>/letters/new/", letters.new_letter, name="new_letter"),
    path("<key:pk>/letters/new/text/", letters.choose_text, name="letter_text"),
    path("<key:pk>/letters/new/undoing/", letters.undo_choice, name="letter_undo"),
    path("<key:pk>/letters/new/files/", letters.upload, name="letter_files"),
    path("<key:pk>/letters/new/files/<key:file>/removal/", letters.take_off, name="letter_file_removal"),
    path("<key:pk>/letters/new/discarding/", letters.discard, name="letter_removal"),
    path("<key:pk>/letters/new/preview/", letter_preview.preview, name="letter_preview"),
    path("<key:pk>/letters/new/sealed/", include((letter_preview.ADDRESSES, "draft"))),
    path("<key:pk>/letters/new/sending/", letters.send, name="letter_dispatch"),
    # Settings.
    path("states/", settings.states, name="states"),
    path("states/new/", settings.new_state, name="new_state"),
    path("states/<key:pk>/", settings.edit_state, name="edit_state"),
    path("states/<key:pk>/deletion/", settings.delete_state, name="state_deletion"),
    path("invoicing/", settings.invoicing, name="invoicing"),
    path("templates/<key:pk>/<slug:language>/preview/", templates.template_preview, name="template_preview"),
    # Parts of the customer's page.
    path("of-customer/<key:pk>/", trade.of_customer, name="of_customer"),
    path("of-customer/<key:pk>/figures/", trade.figures_of_customer, name="figures_of_customer"),
]
