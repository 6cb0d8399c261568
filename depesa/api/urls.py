"""Addresses of the API and of the pages on which it is set up."""

from django.urls import path

from depesa.api.views import hooks, settings
from depesa.api.views.rest import description, patterns

app_name = "api"

urlpatterns = [
    path("api/v1/openapi.json", description, name="description"),
    path("api/v1/webhooks/<uuid:key>/", hooks.hook, name="hook"),
    path("settings/api/", settings.overview, name="overview"),
    path("settings/api/needs/", settings.needs, name="needs"),
    path("settings/api/tokens/", settings.tokens, name="tokens"),
    path("settings/api/tokens/new/", settings.new_token, name="new_token"),
    path("settings/api/tokens/<key:pk>/revoking/", settings.revoke, name="revocation"),
    path("settings/api/webhooks/new/", settings.new_subscription, name="new_subscription"),
    path("settings/api/webhooks/<key:pk>/resuming/", settings.resume, name="resumption"),
    path("settings/api/webhooks/<key:pk>/removal/", settings.unsubscribe, name="webhook_removal"),
    path("settings/api/shops/new/", settings.new_source, name="new_source"),
    path("settings/api/shops/<key:pk>/seen/", settings.forget, name="refusals_seen"),
    path("settings/api/shops/<key:pk>/", settings.source, name="source"),
]

rest = (patterns(), "api_v1")
