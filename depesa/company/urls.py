"""Addresses of our own firm."""

from django.urls import path

from depesa.company import views

app_name = "company"

urlpatterns = [
    path("", views.company, name="company"),
    path("logo/", views.logo, name="logo"),
]
