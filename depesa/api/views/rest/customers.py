"""Customers."""

from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Router
from pydantic import StringConstraints

from depesa.api import queries
from depesa.api.forms.schemas import CustomerIn, CustomerOut, CustomersOut, Kept, Short
from depesa.api.views.rest.door import REFUSALS, Bearer, page_of, write
from depesa.api.views.rest.orders import After, Key
from depesa.core.texts import fold
from depesa.customers.models import Customer
from depesa.customers.queries import with_code
from depesa.customers.services import create, found_or_made
from depesa.history.models import Origin
from depesa.staff.rules import Right

router = Router(tags=["customers"])
READ: Final = Bearer("customers", Right.SEE)
WRITE: Final = Bearer("customers", Right.WRITE)


@router.post("", response={201: CustomerOut, **REFUSALS}, auth=WRITE, operation_id="create_customer")
def enter(request: HttpRequest, body: CustomerIn, idempotency_key: Key = None) -> Any:
    """Enter a customer. With a code it must be new; without one, the customer with the e-mail address and this
    company code or name is found, or made with a code that the desk gives."""

    def act(token: Any) -> tuple[int, dict[str, Any]]:
        values = body.dict(exclude={"send_emails"})
        values["language"] = values["language"] or ""
        if body.code.strip():
            customer = create(values, by=token.created_by, origin=Origin.API)
        else:
            values.pop("code")
            customer = found_or_made([values], by=token.created_by, origin=Origin.API)[0]
        return 201, queries.customer_shape(Customer.objects.get(pk=customer.pk))

    return write(request, idempotency_key, act)


@router.get("", response={200: CustomersOut, **REFUSALS}, auth=READ, operation_id="list_customers")
def list_customers(
    request: HttpRequest,
    after: After = None,
    code: Short | None = None,
    email: Annotated[str, StringConstraints(max_length=254), Kept] | None = None,
) -> Any:
    """Customers, newest first, 100 a page."""
    rows = Customer.objects.all()
    if code is not None:
        found = with_code(code)
        rows = rows.filter(pk=found.pk) if found else rows.none()
    if email is not None:
        rows = rows.filter(email_key=fold(email))
    return page_of(rows, after, queries.customer_shape)
