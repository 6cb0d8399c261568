"""Addresses of pages: nouns of the trade, one room an app."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from depesa.api.urls import rest
from depesa.staff.views import language, sign_out

# Of allauth only what the desk needs: nobody signs up or resets a password by himself.
_account: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("language/", language, name="set_language"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("depesa.dashboard.urls")),
    path("", include("depesa.ui.urls")),
    path("", include("depesa.documents.urls")),
    path("account/", include(_account)),
    path("api/v1/", include(rest)),
    path("", include("depesa.api.urls")),
    path("catalogue/", include("depesa.catalog.urls")),
    path("customers/", include("depesa.customers.urls")),
    path("catcher/", include("depesa.catcher.urls")),
    path("company/", include("depesa.company.urls")),
    path("system-emails/", include("depesa.emails.urls")),
    path("", include("depesa.outbox.urls")),
    path("operations/", include("depesa.operations.urls")),
    path("orders/", include("depesa.orders.urls")),
    path("staff/", include("depesa.staff.urls")),
    path("", include("depesa.statements.urls")),
    path("triggers/", include("depesa.triggers.urls")),
    path("", include("depesa.shop.urls.desk")),
    path("shop/", include("depesa.shop.urls")),
]

handler400 = "depesa.config.middleware.refuse_unreadable"
