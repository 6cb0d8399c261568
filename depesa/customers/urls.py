"""Addresses of customers."""

from django.urls import path

from depesa.customers import views

app_name = "customers"

urlpatterns = [
    path("", views.customers, name="customers"),
    path("new/", views.new, name="new"),
    path("<key:pk>/", views.customer, name="customer"),
    path("<key:pk>/edit/", views.edit, name="edit"),
    path("<key:pk>/contacts/new/", views.new_contact, name="new_contact"),
    path("<key:pk>/addresses/new/", views.new_address, name="new_address"),
    path("<key:pk>/consents/new/", views.new_consent, name="new_consent"),
    path("consents/<key:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("contacts/<key:pk>/", views.contact, name="contact"),
    path("contacts/<key:pk>/removal/", views.contact_removal, name="contact_removal"),
    path("addresses/<key:pk>/", views.address, name="address"),
    path("addresses/<key:pk>/removal/", views.address_removal, name="address_removal"),
]
