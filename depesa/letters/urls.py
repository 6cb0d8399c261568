"""Addresses of system e-mails."""

from django.urls import path

from depesa.letters import views

app_name = "letters"

urlpatterns = [
    path("", views.system_emails, name="system_emails"),
    path("<slug:code>/<slug:language>/", views.text, name="text"),
    path("<slug:code>/<slug:language>/preview/", views.preview, name="preview"),
    path("<slug:code>/<slug:language>/html/", views.html, name="html"),
    path("<slug:code>/<slug:language>/versions/", views.versions, name="versions"),
    path("<slug:code>/<slug:language>/versions/<int:number>/", views.version, name="version"),
]
