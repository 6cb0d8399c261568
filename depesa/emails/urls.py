"""Addresses of system e-mails."""

from django.urls import path

from depesa.emails.views import emails, paste, texts

app_name = "emails"

urlpatterns = [
    path("", emails.system_emails, name="system_emails"),
    path("new/", emails.new, name="new"),
    path("paste/", paste.paste, name="paste"),
    path("<slug:code>/", emails.email, name="email"),
    path("<slug:code>/copy/", emails.copy, name="copy"),
    path("<slug:code>/removal/", emails.removal, name="removal"),
    path("<slug:code>/files/", emails.attach, name="attach"),
    path("<slug:code>/files/<key:pk>/removal/", emails.detach, name="detach"),
    path("<slug:code>/<slug:language>/", texts.text, name="text"),
    path("<slug:code>/<slug:language>/preview/", texts.preview, name="preview"),
    path("<slug:code>/<slug:language>/html/", texts.html, name="html"),
    path("<slug:code>/<slug:language>/default/", texts.default, name="default"),
    path("<slug:code>/<slug:language>/laboratory/", texts.laboratory, name="laboratory"),
    path("<slug:code>/<slug:language>/versions/", texts.versions, name="versions"),
    path("<slug:code>/<slug:language>/versions/<key:number>/", texts.version, name="version"),
]
