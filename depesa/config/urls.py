"""Addresses of pages: nouns of the trade, one room an app."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.account import views as account
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path

from depesa.api.urls import rest
from depesa.core.deadlocks import undeterred
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


def _rewound(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, whose second try reads uploaded files from their beginning, too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if getattr(request, "is_begun", False):
            for _name, files in request.FILES.lists():
                for file in files:
                    file.seek(0)
        request.is_begun = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return answer


def _persist(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Let every page begin anew whose work the database took back for somebody else's sake."""
    for each in patterns:
        if isinstance(each, URLPattern):
            each.callback = undeterred(_rewound(each.callback))
        else:
            _persist(each.url_patterns)


_persist(urlpatterns)
