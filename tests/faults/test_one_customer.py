"""What several processes do at the same moment for one person is done once."""

from concurrent.futures import ThreadPoolExecutor

from tests.faults.database import python

ORDERS = """
from django.db import transaction
from depesa.customers.services import find_or_create, found_or_made
for number in range(12):
    with transaction.atomic():
        find_or_create(email=f"stranger-{number}@c.cz", name="Jan", origin="shop")
with transaction.atomic():
    found_or_made([{"email": f"stranger-{number}@c.cz"} for number in range(20, 0, -1)], by=None)
"""
COUNTED = """
from depesa.customers.models import Customer
from depesa.history.services import link_due, verify
while link_due():
    pass
print(Customer.objects.count(), Customer.objects.values("email_key").distinct().count(), verify().is_whole)
"""


def test_four_processes_make_one_customer_of_each_address(desk):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _number: python(desk, ORDERS), range(4)))
    assert [each.returncode for each in done] == [0] * 4, done[0].stderr
    assert python(desk, COUNTED).stdout.split() == ["21", "21", "True"]


LETTER = """
import datetime as dt
from django.utils import timezone
from depesa.company.models import Company
from depesa.outbox.models import Delivery
from depesa.outbox.services import Letter, prepare, queue
from depesa.staff.models import User
Company.objects.create(pk=1, name="Vaivorykste UAB", email="info@vaivorykste.example")
User.objects.create_user("ada", password="correct horse battery", role="manager")
letter = Letter(dedupe_key="v1:test", kind="letter", customer_id=None, language="en", to=("jan@sink.example",),
    subject="An order", text="Thank you.", useless_after=timezone.now() + dt.timedelta(days=30))
queue(prepare([letter]).ready)
Delivery.objects.update(state="cancelled")
"""
PRESSED = """
from depesa.outbox.models import Message
from depesa.outbox.services.repeats import repeat
from depesa.staff.models import User
first, ada = Message.objects.get(resend_of=None), User.objects.get()
for seen in range(12):
    print(repeat(first, reason="asked on the phone", seen=seen, by=ada).pk)
"""


def test_a_button_that_several_press_at_once_sends_a_letter_once_more_once(desk):
    assert python(desk, LETTER).returncode == 0
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _number: python(desk, PRESSED), range(3)))
    assert [each.returncode for each in done] == [0] * 3, "\n".join(each.stderr for each in done)
    assert len({each.stdout for each in done}) == 1
