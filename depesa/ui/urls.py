"""Addresses of the frame itself."""

from django.urls import path

from depesa.ui import views

app_name = "ui"

urlpatterns = [path("theme/", views.theme, name="theme")]
