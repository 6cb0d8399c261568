"""Money: exact amounts, stored as whole ten-thousandths so that sums are exact in every database."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, override

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SCALE = 4
_LIMIT = Decimal(10) ** 14

# Minor units that are not two digits (ISO 4217), whatever a library says.
_DIGITS_OF: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS: Final = {currency: digits for digits, currencies in _DIGITS_OF.items() for currency in currencies.split()}


def digits_of(currency: str) -> int:
    """How many decimals an amount in this currency has (ISO 4217 minor unit)."""
    return _DIGITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units of its currency, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), rounding=ROUND_HALF_UP)


def check_rate(percent: Decimal) -> None:
    """ValidationError for a VAT rate above 0 and below 1: whoever writes 0.21 means 21 per cent."""
    if 0 < percent < 1:
        raise ValidationError(
            _("VAT rate: %(rate)s is less than 1 %%. Write it in per cent: %(percent)s."),
            params={"rate": percent.normalize(), "percent": f"{(percent * 100).normalize():f}"},
        )


def to_stored(amount: Decimal) -> int:
    """The whole number that is stored for an amount; ValueError below a ten-thousandth."""
    scaled = amount.scaleb(SCALE)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has more than {SCALE} decimals")
    return whole


def from_stored(stored: int) -> Decimal:
    """The amount that a stored whole number means."""
    return Decimal(stored).scaleb(-SCALE)


class AmountField(models.BigIntegerField):  # type: ignore[type-arg]
    """A Decimal in Python, a whole number of ten-thousandths in the database (see docs/decisions/0004)."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """The amount that was stored."""
        return None if value is None else Decimal(int(value)).scaleb(-SCALE)

    @override
    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError:
            raise ValidationError(_("“%(value)s” is not an amount."), params={"value": value}) from None

    @override
    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
        if not amount.is_finite() or abs(amount) >= _LIMIT:
            raise ValidationError(_("The amount %(value)s is too large."), params={"value": value})
        return to_stored(amount)

    @override
    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value
        return self.get_prep_value(value)

    @override
    def formfield(self, **kwargs: Any) -> Any:
        from_django = models.DecimalField(
            verbose_name=self.verbose_name,
            max_digits=18,
            decimal_places=SCALE,
            blank=self.blank,
            null=self.null,
        )
        return from_django.formfield(**kwargs)
