"""The list of operations."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from depesa.customers.queries import narrow_to_customer
from depesa.documents.models import POSTINGS
from depesa.operations.models import Operation, Project, Task
from depesa.operations.queries import ladder_of, narrow_found, with_letters
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right, Role
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Day, InPeriod, Text, Yes
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.templatetags.ui import badge, draw_ladder, icon

MARKS: Final = "operations"


def _name(operation: Operation) -> str:
    return str(operation.customer or operation.text.partition("\n")[0][:80] or operation)


def _planned(operation: Operation) -> str:
    days = [day for day in (operation.planned_start_on, operation.planned_end_on) if day]
    return " – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in days)


def _delay(operation: Operation) -> str:
    days = operation.days_late(timezone.localdate())
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days} if days else ""


def _late_badge(operation: Operation) -> SafeString:
    delay = _delay(operation)
    return badge(word=delay, tone="bad", icon="clock") if delay else SafeString()


def _draw_letter(operation: Operation) -> SafeString:
    return draw_ladder(ladder_of(operation)) if operation.message_id else SafeString()


def _draw_state(operation: Operation) -> SafeString:
    reason = operation.refusal
    if not reason:
        return badge(operation.badge)
    sign = format_html(' <span class="refused" title="{}">{}</span>', reason, icon("warning", reason))
    return badge(operation.badge) + sign


def _late(rows: QuerySet[Operation], _yes: bool) -> QuerySet[Operation]:
    late: QuerySet[Operation] = rows.delayed(timezone.localdate())  # type: ignore[attr-defined]
    return late


def _is(field: str) -> Any:
    return lambda rows, value: rows.filter(**{field: int(value)})


OPERATIONS = List[Operation](
    name=MARKS,
    title=_("Operations"),
    columns=[
        Column("date", _("date"), lambda row: row.operation_on, width="tight"),
        Column("planned", _("planned"), _planned, width="wider tight"),
        Column("customer", _("customer"), _name, width="long", is_link=True),
        Column("task", _("task"), lambda row: str(row.task or ""), width="wide cut"),
        Column("project", _("project"), lambda row: str(row.project or ""), width="wider cut"),
        Column("manager", _("manager"), lambda row: str(row.manager or ""), width="wider cut"),
        Column("subject", _("subject"), lambda row: row.subject, width="wide cut"),
        Column("addresses", _("e-mail"), lambda row: row.addresses, is_only_in_files=True),
        Column("letter", _("letter"), lambda row: str(ladder_of(row).word), draw=_draw_letter, width="tight"),
        Column("state", _("state"), lambda row: row.get_posting_display(), draw=_draw_state, width="tight end"),
        Column("delay", _("delay"), _delay, draw=_late_badge, width="tight end"),
    ],
    sorts=[Sort("date", ["-operation_on", "-id"])],
    filters=[
        Choice("task", _("task"), choices=Task.objects.order_by("name"), where=_is("task")),
        Choice("project", _("project"), choices=Project.objects.order_by("name", "code"), where=_is("project")),
        Text("customer", _("customer"), where=narrow_to_customer),
        Choice(
            "manager",
            _("manager"),
            choices=User.objects.exclude(role=Role.NONE).order_by("username"),
            where=_is("manager"),
        ),
        Choice("state", _("state"), choices=POSTINGS, where="posting"),
        Yes("late", _("late"), where=_late),
        InPeriod("month", _("month"), where="operation_on"),
        Day("since", _("date"), where="operation_on__gte", sentence=_("%(label)s since %(value)s")),
        Day("until", _("date"), where="operation_on__lte", sentence=_("%(label)s until %(value)s")),
        Yes("removed", _("removed"), where=lambda rows, _yes: rows.filter(removed_at__isnull=False)),
    ],
    acts=[
        Act(
            "post",
            _("Post"),
            "operations:posting_marked",
            icon="stamp",
            shortcut="p",
            right=Right.POST,
            is_primary=True,
        ),
        Act("document", _("Document"), "operations:documents", icon="eye", shortcut="d"),
        Act("record", _("Open the record"), "operations:record_marked", icon="link", shortcut="o"),
        Act("remove", _("Remove"), "operations:removal_marked", icon="bin", right=Right.WRITE),
    ],
    search=narrow_found,
    search_label=_("Name, code, e-mail or subject"),
)


@asks(Right.SEE)
def operations(request: DeskRequest) -> HttpResponseBase:
    """The list of operations; removed ones stand in it only if they are asked for."""
    rows = with_letters(Operation.objects.visible_to(request.user))
    if request.GET.get("removed") != "yes":
        rows = rows.filter(removed_at__isnull=True)
    shown = {"empty_template": "operations/none.html", "may_write": request.user.may(Right.WRITE)}
    return answer_list(request, OPERATIONS, rows, template="operations/operations.html", context=shown)
