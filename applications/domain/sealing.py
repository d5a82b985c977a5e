"""What a deposit seals: one canonical text, its SHA-256, the list of its files, and the number of its receipt."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Digits and letters that nobody misreads over the telephone: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_RANDOM_BYTES = 5

_MISREAD = str.maketrans("OIL", "011")
_RECEIPT = re.compile(rf"R([0-9]{{4}})([{ALPHABET}]{{8}})")
_HEX_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file of a deposit; `sha256` in lower-case hexadecimal, `size` in bytes."""

    piece: str
    name: str
    size: int
    sha256: str


def canonical_json(value: Any) -> bytes:
    """UTF-8, keys sorted, no blanks, nothing escaped that need not be.

    Text is sealed exactly as it was typed: no Unicode normalisation, which would seal another text than the one
    deposited. Only JSON's own types are taken (text keys; no floats, which have no single spelling, amounts are
    text); anything else raises `TypeError`, and text that is not Unicode raises `ValueError`.
    """
    _refuse_loose_types(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def _refuse_loose_types(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str:
                raise TypeError(f"a sealed key is text, not {type(key).__name__}")
            _refuse_loose_types(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_loose_types(item)
    elif value is not None and type(value) not in (str, int, bool):
        raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(dict(snapshot))).hexdigest()


def manifest(files: Iterable[SealedFile]) -> list[dict[str, Any]]:
    """The files as JSON rows in one order, whatever the order given. Raises `ValueError` on a malformed entry."""
    rows = []
    for file in sorted(files, key=lambda file: (file.piece, file.name, file.sha256, file.size)):
        if not _HEX_DIGEST.fullmatch(file.sha256) or file.size < 0:
            raise ValueError(f"not a sealed file: {file}")
        rows.append({"piece": file.piece, "name": file.name, "size": file.size, "sha256": file.sha256})
    return rows


def receipt_number(year: int, random_bytes: bytes) -> str:
    """`R-2026-7KQ4-M2XD`: 35 random bits and a check character; says nothing of how many dossiers there are."""
    if not 1000 <= year <= 9999 or len(random_bytes) != RECEIPT_RANDOM_BYTES:
        raise ValueError("a receipt number takes a year of four digits and five random bytes")
    bits = int.from_bytes(random_bytes, "big") >> 5
    body = "".join(ALPHABET[(bits >> shift) & 31] for shift in range(30, -1, -5))
    body += _check_character(f"{year}{body}")
    return f"R-{year}-{body[:4]}-{body[4:]}"


def normalise_receipt_number(text: str) -> str:
    """The number as printed, from what a person typed (case, hyphens, O for 0, I or L for 1); "" if it is none."""
    typed = re.sub(r"[\s\-–—_.]", "", text).upper()
    typed = typed[:1] + typed[1:].translate(_MISREAD)
    match = _RECEIPT.fullmatch(typed)
    return f"R-{match[1]}-{match[2][:4]}-{match[2][4:]}" if match else ""


def verify_receipt_number(text: str) -> bool:
    """The check character catches every single mistyped character and every swap of two."""
    number = normalise_receipt_number(text).replace("-", "")
    return bool(number) and _check_character(number[1:-1]) == number[-1]


def _check_character(body: str) -> str:
    """Sum over GF(32) of each symbol times its own power of the generator, so that every place weighs otherwise."""
    total, weight = 0, 1
    for symbol in reversed(body):
        weight = _times(weight, 2)
        total ^= _times(ALPHABET.index(symbol), weight)
    return ALPHABET[total]


def _times(a: int, b: int) -> int:
    """Product in GF(32) with the primitive polynomial x⁵ + x² + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product
