"""The list of letters, and one letter with all that is known about it."""

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.history.queries import entries_of, in_words
from depesa.mail.letter import read_letter
from depesa.mail.opened import Reading, lay_open
from depesa.mail.privacy import closed
from depesa.outbox import queries
from depesa.outbox.mime import SealBroken
from depesa.outbox.models import IN_ADDRESSES, After, Delivery, Kind, Message, State
from depesa.outbox.views.decisions import decisions_of
from depesa.pdf import pages_in
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, allow, shows
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, InPeriod, Text
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.parts import Attachment, Figure
from depesa.ui.templatetags.ui import draw_ladder

WORDS: Final = [
    ("waiting", pgettext_lazy("letter", "waiting")),
    ("accepted", pgettext_lazy("letter", "accepted")),
    ("uncertain", pgettext_lazy("letter", "uncertain")),
    ("refused", pgettext_lazy("letter", "refused")),
    ("too-late", pgettext_lazy("letter", "too late")),
    ("held", pgettext_lazy("letter", "held")),
    ("returned", pgettext_lazy("letter", "returned")),
    ("cancelled", pgettext_lazy("letter", "cancelled")),
]
_COMMON: Final = {"waiting", "accepted", "cancelled"}


def _in_state(rows: QuerySet[Message], word: str) -> QuerySet[Message]:
    fits = Q(after=After.BOUNCED) if word == "returned" else Q(state__in=IN_ADDRESSES[word])
    if word in _COMMON:  # walk the letters; for rare states the index of what needs a person is shorter
        return rows.filter(Exists(Delivery.objects.filter(fits, message=OuterRef("pk"))))
    return rows.filter(pk__in=Delivery.objects.filter(fits).values("message"))


def _to(rows: QuerySet[Message], text: str) -> QuerySet[Message]:
    return rows.filter(Exists(Delivery.objects.filter(message=OuterRef("pk"), recipient__istartswith=text)))


def _sealed_in(rows: QuerySet[Message], period: Period) -> QuerySet[Message]:
    begin, end = period.bounds(timezone.get_current_timezone())
    return rows.filter(sealed_at__gte=begin, sealed_at__lt=end)


def _with_words(rows: QuerySet[Message], text: str) -> QuerySet[Message]:
    to = Delivery.objects.filter(message=OuterRef("pk"), recipient__icontains=text)
    return rows.filter(Q(subject__icontains=text) | Exists(to))


def _recipients(row: Message) -> str:
    return ", ".join(each.recipient for each in row.deliveries.all())


def _first_recipient(row: Message) -> SafeString:
    to = [each.recipient for each in row.deliveries.all()]
    more = len(to) - 1
    others = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more} if more > 0 else ""
    first = Truncator(to[0] if to else "").chars(34)
    return format_html('<span class="soft">{}{}</span>', first, f" {others}" if others else "")


LETTERS: Final = List[Message](
    name="letters",
    title=_("Letters"),
    columns=[
        Column("sealed", _("date"), lambda row: row.sealed_at, width="tight"),
        Column("subject", _("subject"), lambda row: row.subject, width="long", is_link=True),
        Column("to", _("to"), _recipients, width="first", draw=_first_recipient),
        Column("customer", _("customer"), lambda row: str(row.customer or ""), width="wide"),
        Column(
            "evidence",
            _("evidence"),
            lambda row: str(queries.ladder_of_message(row).word),
            width="tight end",
            draw=lambda row: draw_ladder(queries.ladder_of_message(row)),
        ),
        Column("proof", _("proof"), lambda row: str(queries.ladder_of_message(row).proof), is_only_in_files=True),
        Column("id", _("Message-ID"), lambda row: row.message_id, is_only_in_files=True),
    ],
    sorts=[Sort("sealed", ["-id"])],
    filters=[
        Choice("state", _("a recipient's letter"), choices=WORDS, where=_in_state),
        Choice("kind", _("kind"), choices=Kind.choices, where="kind"),
        Text("to", _("recipient"), where=_to),
        Text("customer", _("customer"), where="customer__name__istartswith"),
        InPeriod("month", _("month"), where=_sealed_in),
    ],
    search=_with_words,
    search_label=_("Subject or recipient"),
    acts=[
        Act("try-again", _("Try again"), "outbox:retry_marked", icon="refresh", right=Right.SEND),
        Act("send-again", _("Send again"), "outbox:resend_marked", icon="send", right=Right.DECIDE),
        Act("leave", _("Leave"), "outbox:acceptance_marked", icon="check", right=Right.DECIDE),
    ],
)


@allow(Right.SEE)
def letters(request: DeskRequest) -> HttpResponseBase:
    """The letters; on top what needs a person."""
    rows = queries.with_evidence(Message.objects.visible_to(request.user))
    shown = {"figures": _needing_a_person(), "empty_template": "outbox/parts/empty.html"}
    return answer_list(request, LETTERS, rows, template="outbox/letters.html", context=shown)


def _needing_a_person() -> list[Figure]:
    found = queries.waiting()
    groups = [
        (gettext("Uncertain"), found.uncertain, State.UNKNOWN, "doubt"),
        (gettext("Refused"), found.refused, State.REJECTED, "bad"),
        (gettext("Too late"), found.expired, State.EXPIRED, "bad"),
        (gettext("Held"), found.held, State.HELD, "doubt"),
    ]
    return [
        Figure(label, str(count), queries.letters_in(state), tone=tone) for label, count, state, tone in groups if count
    ]


@shows(Right.SEE)
def message(request: DeskRequest, pk: int) -> HttpResponse:
    """One letter: where it stands for each recipient, by what proof, and what was sent."""
    found = get_object_or_404(queries.with_evidence(Message.objects.visible_to(request.user)), pk=pk)
    shown = {
        "letter": found,
        "slip": queries.slip_of(found, files=_files(found), actions=queries.ways_in(found, request.user)),
        "hidden": [row.recipient for row in found.deliveries.all() if row.role == "bcc"],
        "recipients": [_recipient(proof, found, request.user) for proof in queries.proofs(found)],
        "changes": in_words(entries_of(found.ref)),
        **_as_sent(request, found),
    }
    return render(request, "outbox/message.html", shown)


def _recipient(proof: queries.Proof, message: Message, user: User) -> dict[str, Any]:
    ladder = queries.ladder_of(proof.delivery, message)
    return {"proof": proof, "ladder": ladder, "decisions": decisions_of(proof.delivery, user)}


def _files(message: Message) -> list[Attachment]:
    rows = message.enclosures.filter(content_id__isnull=True).select_related("blob").defer("blob__content")
    rows = rows.order_by("position")
    return [Attachment(row.name, "#sent", row.blob.size) for row in rows]


def _as_sent(request: DeskRequest, message: Message) -> dict[str, Reading | str]:
    try:
        content = closed(queries.sealed_bytes(message))
    except SealBroken as broken:
        return {"broken": str(broken)}
    view = request.GET.get("view", "")
    letter = read_letter(content)
    opened = lay_open(letter, content, app="outbox", pk=message.pk, view=view, path=request.path, count=pages_in)
    return {"reading": opened}


@shows(Right.SEE)
def of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """The customer's letters as slips, for the customer's page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    slips = queries.slips_of_customer(customer.pk, request.user)
    return render(request, "outbox/of_customer.html", {"customer": customer, "slips": slips})
