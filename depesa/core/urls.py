"""Addresses of the frame itself."""

from django.conf import settings
from django.urls import path

from depesa.core import views

app_name = "core"

urlpatterns = [path("theme/", views.theme, name="theme")]

if settings.DEBUG:
    urlpatterns += [path("parts/", views.parts, name="parts")]
