"""Amounts in dirhams as people type them, read into exact decimals."""

import re
from decimal import Decimal
from enum import StrEnum

MAXIMUM = Decimal("999999999999.99")
CENT = Decimal("0.01")

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789,")
_SPACES = re.compile(r"[\s\u200e\u200f\u061c\u2066-\u2069'’٬]")
_CURRENCY = re.compile(r"(mad|dhs?|د\.م\.?|درهما?|دراهم)$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*")
_FRACTION = re.compile(r"(.*)([.,])([0-9]{1,2})")


class AmountFault(StrEnum):
    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"


class InvalidAmount(ValueError):
    """`code` is an `AmountFault`."""

    def __init__(self, code: AmountFault) -> None:
        self.code = code
        super().__init__(code.value)


def parse_amount(text: str) -> Decimal:
    """ "2 000 000", "2.000.000", "2000000,50", "٢٠٠٠٠٠٠" → two decimals, in dirhams. Raises `InvalidAmount`.

    A dot before exactly three digits parts thousands, as in "2.000" = 2000; "2,000" means two thousand to some
    and two to others, and is refused as ambiguous.
    """
    text = _CURRENCY.sub("", _SPACES.sub("", text.translate(_DIGITS)))
    if not text:
        raise InvalidAmount(AmountFault.EMPTY)
    if text.startswith(("-", "−")):
        raise InvalidAmount(AmountFault.NEGATIVE)
    whole, fraction = _split(text)
    if len(whole) > 18:
        raise InvalidAmount(AmountFault.TOO_LARGE)
    amount = Decimal(f"{whole}.{fraction or '0'}").quantize(CENT)
    if amount > MAXIMUM:
        raise InvalidAmount(AmountFault.TOO_LARGE)
    return amount


def _split(text: str) -> tuple[str, str]:
    """Digits before and after the decimal sign; no decimal sign gives an empty fraction."""
    if _PLAIN.fullmatch(text):
        return text, ""
    if groups := _GROUPS.fullmatch(text):
        if groups.group(1) == "," and text.count(",") == 1:
            raise InvalidAmount(AmountFault.AMBIGUOUS)
        return text.replace(groups.group(1), ""), ""
    if parts := _FRACTION.fullmatch(text):
        whole, sign, fraction = parts.groups()
        if _PLAIN.fullmatch(whole):
            return whole, fraction
        groups = _GROUPS.fullmatch(whole)
        if groups and groups.group(1) != sign:
            return whole.replace(groups.group(1), ""), fraction
    if re.fullmatch(r"[0-9.,]*[0-9][.,][0-9]{3,}", text):
        raise InvalidAmount(AmountFault.TOO_MANY_DECIMALS)
    raise InvalidAmount(AmountFault.NOT_A_NUMBER)


def canonical_amount(amount: Decimal) -> str:
    """The one form in which amounts are stored: "2000000.50"."""
    return f"{amount.quantize(CENT):f}"
