"""The words on the left, for every page, and what there is to set up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.month import Month
from depesa.staff.models import User
from depesa.staff.rules import Right


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: URL name, word, icon, the right it needs and the apps that belong to it."""

    view: str
    name: str | Promise
    icon: str
    right: Right = Right.SEE
    apps: tuple[str, ...] = ()
    meaning: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as this user sees it now."""

    url: str
    name: str | Promise
    icon: str
    meaning: str | Promise = ""
    is_current: bool = False


MAIN: Final = (
    Place("dashboard:start", pgettext_lazy("page", "Start"), "start", apps=("dashboard",)),
    Place("orders:orders", _("Orders"), "orders", apps=("orders",)),
    Place("operations:operations", _("Operations"), "operations", apps=("operations", "statements")),
    Place("documents:documents", _("Documents"), "documents", apps=("documents", "imports")),
    Place("customers:customers", _("Customers"), "customers", apps=("customers",)),
    Place("outbox:messages", _("Letters"), "letter", apps=("outbox", "catcher", "triggers")),
)
BELOW: Final = (
    Place("dashboard:settings", _("Settings"), "settings", apps=("settings", "catalog", "company", "staff", "letters")),
)
OWN: Final = (
    Place("staff:profile", _("Your profile"), "user"),
    Place("account_change_password", _("Change the password"), "lock"),
)
SETTINGS: Final = (
    Place(
        "company:company",
        _("Company"),
        "company",
        Right.SET_UP,
        meaning=_("Name, codes, address, bank account, logo, currency, language and time zone of your firm."),
    ),
    Place(
        "outbox:channels",
        _("Mail servers"),
        "send",
        Right.SET_UP,
        meaning=_("Where letters are handed over, how fast, and from which address."),
    ),
    Place(
        "outbox:communication",
        _("Communication"),
        "pencil",
        Right.SEND,
        meaning=_("Your signature, and the addresses that your own letters come from."),
    ),
    Place(
        "letters:system_emails",
        _("System e-mails"),
        "letter",
        Right.SET_UP,
        meaning=_("What the letters say, in each language."),
    ),
    Place(
        "catalog:products",
        _("Products and price lists"),
        "list",
        meaning=_("What you sell: names, prices, VAT rates, stock, categories, price lists."),
    ),
    Place(
        "triggers:rules",
        _("Rules: when which letter leaves"),
        "list",
        Right.SET_UP,
        meaning=_("What happens, which system e-mail it sends, and to whom."),
    ),
    Place(
        "triggers:settings",
        _("Letters after events"),
        "clock",
        Right.SET_UP,
        meaning=_("How long a letter is held and can be taken back."),
    ),
    Place(
        "statements:settings",
        _("Monthly statements"),
        "operations",
        Right.SET_UP,
        meaning=_("How the lists of documents are formed, and what makes one odd."),
    ),
    Place(
        "operations:tasks",
        _("Tasks and projects"),
        "list",
        Right.SET_UP,
        meaning=_("What operations do, what they begin with, and what may follow."),
    ),
    Place(
        "documents:series",
        pgettext_lazy("several", "Number series"),
        "documents",
        Right.SET_UP,
        meaning=_("How documents are numbered."),
    ),
    Place(
        "staff:users",
        _("Users"),
        "customers",
        Right.MANAGE_USERS,
        meaning=_("Who may sign in, and what each of them may do."),
    ),
    Place(
        "staff:profile",
        _("Your profile"),
        "user",
        meaning=_("Your name, language and look."),
    ),
)


def desk(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page needs: where this user can go from here."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    here = request.resolver_match.view_name if request.resolver_match else ""
    if request.path.startswith(_address("dashboard:settings")):
        here = "settings:"
    return {
        "navigation": list(entries(MAIN, user, here)),
        "navigation_below": list(entries(BELOW, user, here)),
        "navigation_user": list(entries(OWN, user, here)),
        "navigation_commands": list(_commands(user)),
        "theme": request.COOKIES.get("theme") or user.theme,
        "search_url": _address("dashboard:search"),
        "palette_url": _address("dashboard:palette"),
    }


COMMANDS: Final = (
    Place("operations:new", _("New operation"), "plus", Right.WRITE),
    Place("statements:runs", _("Monthly statements"), "calendar"),
    Place("documents:new", _("New document"), "plus", Right.WRITE),
    Place("customers:new", _("New customer"), "plus", Right.WRITE),
    Place("documents:imports", _("Import sales documents"), "upload", Right.WRITE),
)


def _commands(user: User) -> Iterator[Entry]:
    """What can be done from anywhere: the palette's first lines."""
    yield from entries(COMMANDS, user)
    documents, operations = _address("documents:documents"), _address("operations:operations")
    this = Month.of(timezone.localdate())
    for month in (this.previous, this) if user.may(Right.POST) else ():
        named = {"month": date_format(month.first, "YEAR_MONTH_FORMAT")}
        if documents:
            words = urlencode({"state": "not-posted", "month": str(month)})
            yield Entry(f"{documents}?{words}", _("Post the documents of %(month)s") % named, "stamp")
        if operations:
            words = urlencode({"state": "not-posted", "month": str(month)})
            yield Entry(f"{operations}?{words}", _("Post the operations of %(month)s") % named, "stamp")


def entries(places: tuple[Place, ...], user: User, here: str = "") -> Iterator[Entry]:
    """The places that this user may enter and that exist; `here` is the name of the view that is shown."""
    app = here.partition(":")[0]
    for place in places:
        if user.may(place.right) and (url := _address(place.view)):
            yield Entry(url, place.name, place.icon, place.meaning, is_current=app in place.apps)


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
