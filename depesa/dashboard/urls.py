"""Addresses of the start page and of what can be set up."""

from django.urls import path

from depesa.dashboard import views
from depesa.dashboard.views import history

app_name = "dashboard"

urlpatterns = [
    path("", views.start, name="start"),
    path("search/", views.search, name="search"),
    path("search/lines/", views.palette, name="palette"),
    path("history/", history.history, name="history"),
    path("history/chain/", history.chain, name="chain"),
    path("start/month/", views.month, name="month"),
    path("settings/", views.settings, name="settings"),
]
