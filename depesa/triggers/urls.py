"""Addresses of transitions: why a letter left or did not, the rules, and the hold time."""

from django.urls import path

from depesa.triggers import views

app_name = "triggers"

urlpatterns = [
    path("", views.transitions, name="transitions"),
    path("of/<ref:ref>/", views.of, name="of"),
    path("rules/", views.rules, name="rules"),
    path("settings/", views.settings, name="settings"),
    path("<key:pk>/undoing/", views.undo, name="undo"),
    path("<key:pk>/trying-again/", views.try_again, name="retry"),
    path("marked/trying-again/", views.try_marked_again, name="retry_marked"),
]
