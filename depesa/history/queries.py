"""Reads of the history: timelines as the pages show them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db.models import DateField, Field, ForeignKey, QuerySet
from django.utils.formats import date_format, number_format

from depesa.core.money import AmountField
from depesa.core.reasons import gettext
from depesa.core.reasons import gettext_lazy as _
from depesa.core.records import Ref, about
from depesa.history.contributions import Names, names_of
from depesa.history.models import Entry, Head, Origin
from depesa.history.rules import NOTED, TOLD
from depesa.ui.parts import Change, Text
from depesa.ui.parts import Entry as Line

MOST_SHOWN: Final = 50
LONGEST_VALUE: Final = 120
UNTOLD: Final = frozenset({"posting", "customer", "series"})  # what the event itself says, and ids of other records

# What happened, as the clerk reads it after the name of who did it; an event that is not here shows its own name.
WORDS: Final[Mapping[str, tuple[Text, str]]] = {
    "api.token-made": (_("made a token of the API"), "plus"),
    "api.token-revoked": (_("revoked a token of the API"), "lock"),
    "api.webhook-added": (_("added a webhook"), "plus"),
    "api.webhook-resumed": (_("went on with a webhook"), "refresh"),
    "api.webhook-removed": (_("removed a webhook"), "bin"),
    "api.source-saved": (_("saved a shop that tells us"), "pencil"),
    "api.event-told": (_("was told of an event in another shop"), "globe"),
    "catalog.product-entered": (_("entered the product"), "plus"),
    "catalog.product-changed": (_("changed the product"), "pencil"),
    "catalog.category-saved": (_("saved the category"), "pencil"),
    "catalog.price-list-saved": (_("saved the price list"), "pencil"),
    NOTED: (_("noted"), "note"),
    TOLD: (_("was told by another system"), "globe"),
    "customers.entered": (_("entered the customer"), "plus"),
    "customers.changed": (_("changed the card"), "pencil"),
    "customers.contact-added": (_("added a contact"), "plus"),
    "customers.contact-changed": (_("changed a contact"), "pencil"),
    "customers.contact-removed": (_("removed a contact"), "minus"),
    "customers.address-added": (_("added a delivery address"), "plus"),
    "customers.address-changed": (_("changed a delivery address"), "pencil"),
    "customers.address-removed": (_("removed a delivery address"), "minus"),
    "customers.agreed": (_("noted a consent"), "check"),
    "customers.withdrew": (_("noted that a consent was withdrawn"), "undo"),
    "documents.entered": (_("entered the document"), "plus"),
    "documents.imported": (_("imported the document"), "upload"),
    "documents.changed": (_("changed the document"), "pencil"),
    "documents.posted": (_("posted the document"), "stamp"),
    "documents.taken-back": (_("took the posting back"), "undo"),
    "documents.removed": (_("removed the document"), "bin"),
    "documents.issued": (_("issued the document"), "stamp"),
    "documents.issued-again": (_("issued the document anew"), "refresh"),
    "documents.withdrawn": (_("deleted the document and gave its number back"), "bin"),
    "documents.type-added": (_("added the document type"), "plus"),
    "documents.type-changed": (_("changed the document type"), "pencil"),
    "documents.type-removed": (_("removed the document type"), "bin"),
    "documents.template-saved": (_("saved the template of the document"), "pencil"),
    "documents.series-saved": (_("saved the number series"), "list"),
    "documents.books-closed": (_("set until when the books are closed"), "lock"),
    "operations.entered": (_("entered the operation"), "plus"),
    "operations.edited": (_("changed the operation"), "pencil"),
    "operations.attached": (_("attached a file or link"), "clip"),
    "operations.detached": (_("took a file or link off"), "clip"),
    "operations.asked": (_("asked for the posting of many"), "clock"),
    "operations.withdrawn": (_("took back the wish to post many"), "undo"),
    "operations.posted": (_("posted the operation"), "stamp"),
    "operations.followed": (_("made the following operation"), "right"),
    "operations.removed": (_("removed the operation"), "bin"),
    "operations.put-back": (_("put the operation back"), "undo"),
    "orders.placed": (_("placed the order"), "plus"),
    "orders.imported": (_("imported the order"), "upload"),
    "orders.changed": (_("changed the order"), "pencil"),
    "orders.state-changed": (_("changed the state"), "refresh"),
    "orders.paid": (_("marked the order paid"), "check"),
    "orders.unpaid": (_("marked the order unpaid"), "undo"),
    "orders.resolved": (_("marked the order resolved"), "check"),
    "orders.unresolved": (_("marked the order unresolved"), "undo"),
    "orders.removed": (_("removed the order"), "bin"),
    "orders.restored": (_("restored the order"), "undo"),
    "orders.document-generated": (_("generated a document"), "documents"),
    "orders.document-regenerated": (_("generated a document again"), "refresh"),
    "orders.document-deleted": (_("deleted a document"), "bin"),
    "orders.invoice-not-made": (_("could not generate the invoice by itself"), "cross"),
    "orders.invoicing-saved": (_("changed the settings of invoicing"), "pencil"),
    "orders.state-saved": (_("saved the state"), "pencil"),
    "orders.state-deleted": (_("deleted the state"), "bin"),
    "orders.letter-sent": (_("sent a letter"), "send"),
    "orders.bulk-asked": (_("asked for a bulk edit"), "clock"),
    "orders.bulk-stopped": (_("stopped a bulk edit"), "cross"),
    "orders.bulk-resumed": (_("went on with a bulk edit"), "clock"),
    "shop.account-activated": (_("opened an account in the shop"), "user"),
    "shop.message-answered": (_("answered the message"), "send"),
    "shop.message-closed": (_("left the message without an answer"), "minus"),
    "shop.message-received": (_("wrote to us"), "note"),
    "shop.password-changed": (_("chose a new password in the shop"), "lock"),
    "shop.payment-refused": (_("told of a payment that does not fit"), "warning"),
    "shop.payment-told": (_("told of a payment"), "money"),
    "shop.secret-renewed": (_("made a new secret for the payment gateway"), "lock"),
    "shop.settings-saved": (_("saved the settings of the shop"), "pencil"),
    "shop.way-saved": (_("saved a way of delivery or payment"), "pencil"),
    "statements.formed": (_("formed the statement"), "documents"),
    "statements.run-formed": (_("formed the statements of a month"), "documents"),
    "statements.re-formed": (_("formed the statement anew"), "refresh"),
    "statements.settings-saved": (_("changed the settings of statements"), "pencil"),
    "statements.posted": (_("sent the statement"), "send"),
    "statements.sent-again": (_("sent the statement again"), "send"),
    "statements.returned": (_("brought the statement back: nobody received it"), "returned"),
    "outbox.queued": (_("put a letter in the outbox"), "letter"),
    "outbox.sent-again": (_("decided to send again"), "refresh"),
    "outbox.left-as-is": (_("decided that it has arrived"), "check"),
    "outbox.tried-again": (_("tried again"), "refresh"),
    "outbox.cancelled": (_("cancelled a letter"), "cross"),
    "outbox.sent-once-more": (_("sent the letter once more"), "send"),
    "outbox.sender-asked": (_("asked for a sender address"), "letter"),
    "outbox.sender-verified": (_("confirmed a sender address"), "check"),
    "outbox.sender-removed": (_("removed a sender address"), "minus"),
    "triggers.queued": (_("put a letter in the outbox"), "letter"),
    "triggers.failed": (_("could not write a letter"), "warning"),
    "triggers.left-out": (_("left a letter out"), "minus"),
    "triggers.undone": (_("took a letter back before it was written"), "undo"),
    "triggers.tried-again": (_("asked for a letter once more"), "refresh"),
    "operations.project-saved": (_("saved a project"), "pencil"),
    "operations.task-saved": (_("saved a task"), "pencil"),
    "triggers.hold-saved": (_("set how long letters are held"), "clock"),
    "letters.text-saved": (_("saved a text"), "pencil"),
    "letters.email-added": (_("added a system e-mail"), "plus"),
    "letters.email-changed": (_("changed a system e-mail"), "pencil"),
    "letters.email-removed": (_("removed a system e-mail"), "bin"),
}

# Values that are kept with what happened, where the page has no field of that name.
_NAMES: Final[Mapping[str, Text]] = {
    "count": _("how many"),
    "currency": _("currency"),
    "documents": _("documents"),
    "file": _("file"),
    "gross": _("gross"),
    "message": _("letter"),
    "number": _("number"),
    "profile": _("profile"),
    "revision": _("revision"),
    "reason": _("reason"),
    "subject": _("subject"),
    "system_email": _("system e-mail"),
    "version": _("version"),
    "consent": _("consent"),
    "source": _("given through"),
    "valid_until": _("valid until"),
    "groups": _("groups"),
}


def timeline(
    ref: Ref, *, labels: Mapping[str, Text] | None = None, write: "Callable[[str, Any], str] | None" = None
) -> list[Line]:
    """What happened to a record, newest first, at most 50 lines.

    `labels` are the words for the names of changed fields, `write` says a value; see in_words.
    """
    return in_words(entries_of(ref)[:MOST_SHOWN], labels=labels, write=write)


def in_words(
    entries: Iterable[Entry],
    *,
    labels: Mapping[str, Text] | None = None,
    write: "Callable[[str, Any], str] | None" = None,
) -> list[Line]:
    """The entries as lines of a timeline; with `write`, which says a field's value, only labelled fields are shown."""
    rows = list(entries)
    names = names_of({_app(entry) for entry in rows})
    return [_line(entry, labels or {}, write, names.get(_app(entry), {})) for entry in rows]


def _app(entry: Entry) -> str:
    return entry.event.partition(".")[0]


def write_as(fields: "Iterable[Field[Any, Any]]") -> Callable[[str, Any], str]:
    """Says a value as its field is shown: the word of a choice, a day or an amount as the language writes it."""
    known = {field.name: field for field in fields}

    def write(name: str, value: Any) -> str:
        field = known[name]
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, DateField) and isinstance(value, str):
            return _day(value)
        if isinstance(field, AmountField):
            return number_format(value, force_grouping=True)
        return _value(value)

    return write


def entries_of(*refs: Ref) -> QuerySet[Entry]:
    """The entries of these records, newest first."""
    return Entry.objects.filter(about(*refs)).select_related("actor").order_by("-id")


def first_id_from(moment: dt.datetime) -> int:
    """The id of the first entry at this moment or later, beyond all when there is none: ids follow the time."""
    found = Entry.objects.filter(at__gte=moment).order_by("at", "id").values_list("pk", flat=True).first()
    return found or 2**62


def length() -> int:
    """How many entries there are."""
    return Head.objects.filter(pk=1).values_list("length", flat=True).first() or 0


def customer_of(ref: Ref) -> int | None:
    """Whose record it is, as the newest entry about it says."""
    found = Entry.objects.filter(about(ref), customer_id__isnull=False).order_by("-id")
    return found.values_list("customer_id", flat=True).first()


def _line(entry: Entry, labels: Mapping[str, Text], write: "Callable[[str, Any], str] | None", names: Names) -> Line:
    what, icon = WORDS.get(entry.event, (entry.event.replace(".", ": ").replace("-", " "), "history"))
    return Line(
        at=entry.at,
        what=what,
        by=str(entry.actor or ""),
        through="" if entry.origin == Origin.STAFF else origin_in_words(entry.origin),
        icon=icon,
        note=entry.note,
        changes=_changes(entry, labels, write, names),
    )


def origin_in_words(origin: str) -> str:
    """Through what something came, as the clerk reads it."""
    return str(dict(Origin.choices).get(origin, origin))


def _changes(
    entry: Entry, labels: Mapping[str, Text], write: "Callable[[str, Any], str] | None", said: Names
) -> list[Change]:
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name) and name not in UNTOLD]
    names = [name for name in names if before.get(name) or after.get(name)]
    if write:
        return [
            Change(labels[name], *(_value(side and write(name, side)) for side in (before.get(name), after.get(name))))
            for name in names
            if name in labels
        ]
    fields = _fields_of(_app(entry))
    return [
        Change(
            labels.get(name) or _label(fields.get(name)) or _NAMES.get(name) or name.replace("_", " "),
            said.get(name, {}).get(str(before.get(name))) or _written(before.get(name), fields.get(name)),
            said.get(name, {}).get(str(after.get(name))) or _written(after.get(name), fields.get(name)),
        )
        for name in names
        if not isinstance(before.get(name), list | dict) and not isinstance(after.get(name), list | dict)
        if not (isinstance(fields.get(name), ForeignKey) and isinstance(before.get(name) or after.get(name), int))
    ]


@cache
def _fields_of(app: str) -> Mapping[str, "Field[Any, Any]"]:
    """The fields of an app's tables by their names: what the app records is told in their words."""
    if not apps.is_installed(f"depesa.{app}"):
        return {}
    models = reversed(list(apps.get_app_config(app).get_models()))
    return {field.name: field for model in models for field in model._meta.concrete_fields if field.editable}


def _label(field: "Field[Any, Any] | None") -> Text:
    """The field's name in words, if it was given any (a name that Django made is not translated)."""
    return "" if field is None or field.verbose_name == field.name.replace("_", " ") else field.verbose_name


def _written(value: Any, field: "Field[Any, Any] | None") -> str:
    if value in (None, "") or field is None or isinstance(value, bool):
        return _value(value)
    return write_as([field])(field.name, value)


def _day(text: str) -> str:
    try:
        return date_format(dt.date.fromisoformat(text[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return _value(text)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
