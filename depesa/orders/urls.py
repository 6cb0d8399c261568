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
sealed = [
    path("html/", letter_preview.html, name="html"),
    path("files/<int:number>/", letter_preview.file, name="file"),
    path("files/<int:number>/pages/<int:page>/", letter_preview.file_page, name="file_page"),
    path("source/", letter_preview.source, name="source"),
]
urlpatterns = [
    path("of-customer/<int:pk>/", trade.of_customer, name="of_customer"),
    path("of-customer/<int:pk>/figures/", trade.figures_of_customer, name="figures_of_customer"),
    path("<int:pk>/", detail.order, name="order"),
    path("<int:pk>/customer/", detail.customer, name="customer"),
    path("<int:pk>/communication/", detail.communication, name="communication"),
    path("<int:pk>/history/", detail.history, name="history"),
    path("<int:pk>/note/", detail.noting, name="noting"),
    path("<int:pk>/state/", states.moving, name="moving"),
    path("<int:pk>/payment/", states.paying, name="paying"),
    path("<int:pk>/resolution/", states.resolving, name="resolving"),
    path("<int:pk>/removal/", states.removing, name="removing"),
    path("<int:pk>/restoring/", states.restoring, name="restoring"),
    path("<int:pk>/edit/", changes.edit, name="edit"),
    path("<int:pk>/documents/<slug:code>/new/", documents.generating, name="generating"),
    path("new/", placement.new, name="new"),
    path("customers/", placement.customer_hits, name="customer_hits"),
    path("products/", changes.product_hits, name="product_hits"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/regenerating/", documents.regenerating, name="regenerating"),
    path("documents/<int:pk>/deleting/", documents.deleting, name="deleting"),
    path("documents/<int:pk>/crediting/", credit.crediting, name="crediting"),
    path("documents/<int:pk>/trying-again/", documents.trying_again, name="trying_again"),
    path("<int:pk>/letters/new/", letters.new_letter, name="new-letter"),
    path("", register.orders, name="orders"),
    path("<int:pk>/preview/", register.preview, name="preview"),
    path("bulk/invoices/", bulk.bulk_invoices, name="bulk_invoices"),
    *(
        path(f"bulk/{verb.value}/", bulk.bulk, {"verb": verb.value}, name=f"bulk_{verb.value}")
        for verb in Verb
        if verb != Verb.INVOICES
    ),
    path("bulk/<int:pk>/", bulk.progress, name="progress"),
    path("bulk/<int:pk>/stop/", bulk.stopping, name="stopping"),
    path("bulk/<int:pk>/go-on/", bulk.going_on, name="going_on"),
    path("templates/<int:pk>/<slug:language>/preview/", templates.template_preview, name="template_preview"),
    path("states/", settings.states, name="states"),
    path("states/new/", settings.new_state, name="new_state"),
    path("states/<int:pk>/", settings.edit_state, name="edit_state"),
    path("states/<int:pk>/deletion/", settings.deleting_state, name="deleting_state"),
    path("invoicing/", settings.invoicing, name="invoicing"),
    path("<int:pk>/letters/new/text/", letters.choosing, name="choosing"),
    path("<int:pk>/letters/new/undoing/", letters.undoing, name="undoing"),
    path("<int:pk>/letters/new/files/", letters.uploading, name="uploading"),
    path("<int:pk>/letters/new/files/<int:file>/removal/", letters.taking_off, name="taking_off"),
    path("<int:pk>/letters/new/discarding/", letters.discarding, name="discarding"),
    path("<int:pk>/letters/new/sending/", letters.sending, name="sending"),
    path("<int:pk>/letters/new/preview/", letter_preview.previewing, name="previewing"),
    path("<int:pk>/letters/new/sealed/", include((sealed, "draft"))),
]
