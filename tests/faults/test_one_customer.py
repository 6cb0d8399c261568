"""Orders of one stranger that come at once, from several processes."""

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
