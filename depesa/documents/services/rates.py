"""Exchange rates: entered by hand or taken from the list of a bank; what a document printed keeps its own."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from depesa.company.models import Company
from depesa.company.queries import current, home_currency
from depesa.core.errors import Faults, Refused
from depesa.core.reasons import gettext as _
from depesa.documents.models import ExchangeRate
from depesa.documents.rules.rates import Quote, read_list
from depesa.history.services import tell
from depesa.staff.models import User

MOST_AT_ONCE: Final = 20_000


def save_rate(quote: Quote, *, by: User | None) -> None:
    """Keep the rate of a currency for a day, in place of the one that is there; Faults name what is wrong."""
    company = current()
    if quote.currency == home_currency(company):
        raise Faults({"currency": _("It is the currency of your country. Write another one.")})
    for name, figure in (("units", quote.units), ("value", quote.value)):
        if figure <= 0:
            raise Faults({name: _("Write a number above zero.")})
    _keep([quote], company, by=by)


def take_list(text: str, *, by: User | None) -> int:
    """Keep every rate in a list of the Czech National Bank or the European Central Bank; how many there were."""
    company = current()
    quotes = read_list(text, home_currency(company))
    if len(quotes) > MOST_AT_ONCE:
        raise Refused(_("The list has more than %(n)s rates. Take the one of the last 90 days.") % {"n": MOST_AT_ONCE})
    _keep(quotes, company, by=by)
    return len(quotes)


def _keep(quotes: Sequence[Quote], company: Company, *, by: User | None) -> None:
    if not (home := home_currency(company)):
        raise Refused(_("Choose the country of your company first: Settings → Company."))
    rows = {}
    for quote in quotes:
        row = ExchangeRate(home=home, valid_on=quote.valid_on, currency=quote.currency)
        row.units, row.value = quote.units, quote.value
        rows[quote.currency, quote.valid_on] = row
    days = sorted({each.valid_on for each in quotes})
    with transaction.atomic():
        ExchangeRate.objects.bulk_create(
            rows.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["home", "currency", "valid_on"],
            update_fields=["units", "value"],
        )
        told = {"rates": len(rows), "first": days[0].isoformat(), "last": days[-1].isoformat()}
        if len(rows) == 1:
            told |= {"currency": quotes[0].currency, "rate": f"{quotes[0].value / quotes[0].units:f}"[:12]}
        tell(company, "documents.rates-taken", after=told, by=by)
