"""kill -9 while a letter about an order is sent, and two presses at once: documents, letter and history, or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.database import python

PLACE = """
from decimal import Decimal
from uuid import UUID
from depesa.company.models import Company
from depesa.documents.models import DocumentType, NumberSeries
from depesa.history.models import Entry
from depesa.orders.models import LetterDraft, Order, OrderDocument
from depesa.orders.services import ItemDraft, OrderDraft, place
from depesa.orders.services.letters.drafts import keep
from depesa.orders.services.letters.dispatch import send_draft
from depesa.outbox.models import Message
from depesa.staff.models import User
TOKEN = UUID(int=7)
if not Company.objects.exists():
    Company.objects.create(pk=1, name="Vaivorykštė UAB", country="LT", currency="EUR", language="en")
    series = NumberSeries.objects.create(code="delivery-note", prefix="DN", digits=4)
    DocumentType.objects.create(code="delivery-note", names={"en": "delivery note"}, series=series)
    ben = User.objects.create_user("ben", password="correct horse battery", role="clerk")
    item = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal("12.10"), vat_rate=Decimal(21))
    party = {"name": "Ona", "email": "ona@zilenaite.example"}
    [order] = place([OrderDraft(items=[item], party=party)], by=None, send_emails=False)
    fields = {"to": "ona@zilenaite.example", "subject": "Your order", "body": "Good day."}
    keep(order, ben, token=TOKEN, fields=fields, ticked=["delivery-note", "order-confirmation"])
"""
SEND = """
draft = LetterDraft.objects.select_related("order", "user").filter(token=TOKEN).first()
print(send_draft(draft).message.pk if draft else Message.objects.get().pk)
"""
COUNT = """
events = Entry.objects.filter(event__in=["orders.letter-sent", "orders.document-generated"])
print(Message.objects.count(), OrderDocument.objects.count(), NumberSeries.objects.get(code="delivery-note").last,
    events.count(), LetterDraft.objects.count())
"""
NOTHING, ALL = "0 0 0 0 1", "1 2 1 3 0"


def counted(desk):
    done = python(desk, PLACE + COUNT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("point", ["order-letter-composed", "order-letter-queued"])
def test_killed_while_sending_leaves_neither_document_nor_letter(desk, point):
    killed = python({**desk, "DEPESA_KILL_AT": point}, PLACE + SEND)
    assert killed.returncode == -9, killed.stderr
    assert counted(desk) == NOTHING, "the draft is still there, and nothing else"

    assert python(desk, PLACE + SEND).returncode == 0
    assert counted(desk) == ALL


@pytest.mark.slow
def test_two_presses_at_once_send_once(desk):
    assert python(desk, PLACE).returncode == 0
    with ThreadPoolExecutor(2) as pool:
        presses = [pool.submit(python, desk, PLACE + SEND) for _press in range(2)]
    done = [press.result() for press in presses]
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    assert len({each.stdout for each in done}) == 1
    assert counted(desk) == ALL
