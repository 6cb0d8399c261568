"""Addresses of the documents."""

from django.urls import path

from depesa.documents.views import entry, imports, papers, rates, register, series, templates, trade, types

app_name = "documents"

urlpatterns = [
    path("documents/imports/", imports.batches, name="imports"),
    path("documents/imports/upload/", imports.upload, name="import_upload"),
    path("documents/imports/<key:pk>/", imports.batch, name="import"),
    path("documents/imports/<key:pk>/progress/", imports.progress, name="import_progress"),
    path("documents/imports/<key:pk>/mapping/", imports.mapping, name="import_mapping"),
    path("documents/imports/<key:pk>/confirmation/", imports.confirmation, name="import_confirmation"),
    path("documents/imports/<key:pk>/removal/", imports.removal, name="import_removal"),
    path("documents/imports/<key:pk>/refusals/", imports.refusals, name="import_refusals"),
    path("documents/", register.documents, name="documents"),
    path("documents/new/", entry.new, name="new"),
    path("documents/posting/", register.post, name="posting"),
    path("documents/taking-back/", register.take_back, name="withdrawal"),
    path("documents/customer-hints/", entry.customer_hints, name="customer_hints"),
    path("documents/of-customer/<key:pk>/", register.of_customer, name="of_customer"),
    path("documents/of-customer/<key:pk>/figures/", trade.figures_of_customer, name="figures_of_customer"),
    path("documents/of-customer/<key:pk>/trade/", trade.trade_of_customer, name="trade_of_customer"),
    path("documents/series/", series.series, name="series"),
    path("documents/series/new/", series.new_series, name="new_series"),
    path("documents/series/<key:pk>/", series.edit_series, name="edit_series"),
    path("documents/rates/", rates.rates, name="rates"),
    path("documents/types/", types.types, name="types"),
    path("documents/types/new/", types.new_type, name="new_type"),
    path("documents/types/<key:pk>/", types.edit_type, name="edit_type"),
    path("documents/types/<key:pk>/removal/", types.type_removal, name="type_removal"),
    path("documents/types/<key:pk>/template/<slug:language>/", templates.template, name="template"),
    path("documents/types/<key:pk>/template/<slug:language>/preview/", templates.preview, name="template_preview"),
    path("documents/types/<key:pk>/template/<slug:language>/paper/", templates.paper, name="template_paper"),
    path("documents/types/<key:pk>/template/<slug:language>/versions/", templates.versions, name="template_versions"),
    path(
        "documents/types/<key:pk>/template/<slug:language>/versions/<key:number>/",
        templates.version,
        name="template_version",
    ),
    path("documents/<key:pk>/", entry.document, name="document"),
    path("documents/<key:pk>/edit/", entry.edit, name="edit"),
    path("documents/<key:pk>/removal/", entry.removal, name="removal"),
    path("papers/<key:pk>/", papers.paper, name="paper"),
    path("papers/<key:pk>/pages/<key:page>/", papers.paper_page, name="paper_page"),
]
