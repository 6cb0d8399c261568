"""What is shown before documents are posted or taken back: how many, which sums, what is odd."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.company.queries import today
from depesa.core.money import rounded
from depesa.documents.models import Document
from depesa.documents.queries import closed_until, totals
from depesa.documents.rules import Posting
from depesa.staff.policy import DeskRequest
from depesa.ui.confirmations import ask, odd
from depesa.ui.parts import Figure
from depesa.ui.values import write_value


def ask_to_post(request: DeskRequest, chosen: QuerySet[Document]) -> HttpResponse:
    """The page that asks whether to post."""
    fitting = chosen.exclude(posting=Posting.POSTED)
    count = fitting.count()
    question = ngettext("Post %(n)s document?", "Post %(n)s documents?", count) % {"n": write_value(count)}
    shown = {
        "question": question,
        "figures": _figures(fitting),
        "odd": _odd(chosen),
        "button": ngettext("Post %(n)s document", "Post %(n)s documents", count) % {"n": write_value(count)},
        "button_icon": "stamp",
        "explanation": _("Posted documents count: they get their number and stand in the statement of their month."),
        "consequence": _("A posting can be taken back; the number stays."),
        "cannot": "" if count else _("None of the marked documents is waiting to be posted."),
    }
    return _ask(request, chosen, shown)


def ask_to_take_back(request: DeskRequest, chosen: QuerySet[Document]) -> HttpResponse:
    """The page that asks whether to take the posting back."""
    fitting = chosen.filter(posting=Posting.POSTED)
    count = fitting.count()
    words = ngettext("the posting of %(n)s document", "the posting of %(n)s documents", count)
    what = {"what": words % {"n": write_value(count)}}
    shown = {
        "question": _("Take back %(what)s?") % what,
        "figures": _figures(fitting),
        "button": _("Take back %(what)s") % what,
        "button_icon": "undo",
        "explanation": _(
            "The documents become corrected: they count no more and keep their numbers; "
            "statements that hold them are out of date."
        ),
        "consequence": _("They can be posted again."),
        "cannot": "" if count else _("None of the marked documents is posted."),
        "asks_reason": True,
    }
    return _ask(request, chosen, shown)


def _ask(request: DeskRequest, chosen: QuerySet[Document], shown: dict[str, Any]) -> HttpResponse:
    named = chosen[0] if request.GET.get("document") else None
    back = named.get_absolute_url() if named else reverse("documents:documents")
    return ask(request, chosen.count(), shown | {"back_url": back})


def _figures(documents: Any) -> list[Figure]:
    """One figure a currency: signed gross sum, and how many documents."""
    return [
        Figure(
            label=total.currency,
            value=write_value(rounded(total.gross, total.currency)),
            hint=ngettext("%(n)s document", "%(n)s documents", total.count) % {"n": write_value(total.count)},
        )
        for total in totals(documents)
    ]


def _odd(chosen: Any) -> list[dict[str, Any]]:
    closed = closed_until()
    waiting = ~Q(posting=Posting.POSTED)
    questions = [
        (_("are posted already and stay as they are"), Q(posting=Posting.POSTED)),
        (_("were posted before and edited since"), Q(posting=Posting.CORRECTED)),
        (_("have no number and no series, and will be refused"), waiting & Q(number="", series=None)),
        (_("are dated in the future"), waiting & Q(document_on__gt=today())),
        (_("have a sum of zero"), waiting & Q(gross=0)),
    ]
    if closed:
        questions.append((_("lie in closed books, and will be refused"), waiting & Q(document_on__lte=closed)))
    counted = {str(n): Count("pk", filter=where) for n, (_text, where) in enumerate(questions)}
    found = chosen.aggregate(**counted)
    return odd(*((found[str(n)], text, "") for n, (text, _where) in enumerate(questions)))
