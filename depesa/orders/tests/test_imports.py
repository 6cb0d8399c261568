"""Orders of a file: they make what the file says, or are refused."""

from decimal import Decimal

import pytest

from depesa.orders.models import Order
from depesa.orders.services.imports import import_orders

pytestmark = pytest.mark.django_db


def test_an_order_that_would_make_another_sum_than_its_file_is_refused(company, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(
        "number,date,customer,currency,quantity,net,vat rate,vat,gross\n"
        "1,2026-03-01,7,EUR,1000,1234.56,21,259.26,1493.82\n"
        "2,2026-03-01,7,EUR,1000,1230.00,21,258.30,1488.30\n"
    )
    figures = import_orders(file)
    assert [(order.number, order.gross) for order in Order.objects.all()] == [("2", Decimal("1488.30"))]
    (refused,) = figures.refused
    assert (refused.line, refused.number) == (2, "1")
    assert refused.reason.startswith("The file makes 1,493.82, with prices of four decimals it makes 1,493.87.")
