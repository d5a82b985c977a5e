"""The ICE (identifiant commun de l'entreprise): 15 digits, the last two of them control digits.

The check rule is known by observation only (the whole number is a multiple of 97): a failure warns, never blocks.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ma import ice

LENGTH = 15

_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SEPARATORS = re.compile(r"[\s.\-_/\u200e\u200f\u061c\u2066-\u2069]")


class IceWarning(StrEnum):
    MALFORMED = "malformed"
    CHECK_DIGITS = "check_digits"


@dataclass(frozen=True, slots=True)
class IceCheck:
    """`number` is normalised; `warning` is None for a plausible number and for none at all."""

    number: str
    warning: IceWarning | None = None

    @property
    def identifies(self) -> bool:
        """Fifteen digits, whatever the control digits say."""
        return is_fifteen_digits(self.number)


def is_fifteen_digits(number: str) -> bool:
    return len(number) == LENGTH and number.isascii() and number.isdigit()


def normalise_ice(text: str) -> str:
    """Fifteen digits where the text gives them, or lost only leading zeros; else the text without separators."""
    number = _SEPARATORS.sub("", text.translate(_ARABIC_DIGITS)).upper().removeprefix("ICE").lstrip(":")
    padded = number.zfill(LENGTH)
    if number.isascii() and number.isdigit() and len(number) < LENGTH and ice.is_valid(padded):
        return padded
    return number


def check_ice(text: str) -> IceCheck:
    number = normalise_ice(text)
    if not number:
        return IceCheck("")
    if not is_fifteen_digits(number):
        return IceCheck(number, IceWarning.MALFORMED)
    try:
        ice.validate(number)
    except InvalidChecksum:
        return IceCheck(number, IceWarning.CHECK_DIGITS)
    except ValidationError:
        return IceCheck(number, IceWarning.MALFORMED)
    return IceCheck(number)
