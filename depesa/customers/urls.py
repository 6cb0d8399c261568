"""Addresses of customers."""

from django.urls import path

from depesa.customers import views

app_name = "customers"

urlpatterns = [
    path("", views.customers, name="customers"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.customer, name="customer"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/contacts/new/", views.new_contact, name="new_contact"),
    path("<int:pk>/addresses/new/", views.new_address, name="new_address"),
    path("<int:pk>/consents/new/", views.new_consent, name="new_consent"),
    path("consents/<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("contacts/<int:pk>/", views.contact, name="contact"),
    path("contacts/<int:pk>/removal/", views.contact_removal, name="contact_removal"),
    path("addresses/<int:pk>/", views.address, name="address"),
    path("addresses/<int:pk>/removal/", views.address_removal, name="address_removal"),
]
