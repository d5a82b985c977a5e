"""Short codes that a person can type to check that a receipt or a letter is genuine."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.utils.crypto import constant_time_compare

GROUPS, GROUP_LENGTH = 4, 4  # 16 base32 characters: 80 bits
# What people write for letters that base32 does not have.
LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


def verification_code(kind: str, number: str) -> str:
    """`ABCD-EFGH-IJKL-MNOP`, the same for the same kind and number as long as SECRET_KEY stands."""
    return _code(settings.SECRET_KEY, kind, number)


def verify_code(kind: str, number: str, code: str) -> bool:
    """Constant-time; forgives case, spaces and dashes; accepts codes made under a key of SECRET_KEY_FALLBACKS."""
    given = _normalised(code)
    answers = [
        constant_time_compare(_normalised(_code(key, kind, number)), given)
        for key in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    ]
    return any(answers)


def verification_url(kind: str, number: str) -> str:
    """The address behind the QR code of a paper: its number and its code, nothing else."""
    query = urlencode({"numero": number, "code": verification_code(kind, number)})
    return f"{settings.PORTAL_BASE_URL}/verifier/?{query}"


def verification_qr(kind: str, number: str) -> str:
    """That address as a QR code, an SVG in a `data:` address."""
    uri: str = segno.make(verification_url(kind, number), error="m").svg_data_uri(scale=3, border=2)
    return uri


def _code(key: str, kind: str, number: str) -> str:
    # The length of `kind` keeps ("ab", "c") and ("a", "bc") apart.
    message = f"{len(kind)}:{kind}{number}".encode()
    secret = hashlib.sha256(b"clusters_portal.signing:" + key.encode()).digest()
    text = base64.b32encode(hmac.new(secret, message, hashlib.sha256).digest()).decode()
    return "-".join(text[n * GROUP_LENGTH : (n + 1) * GROUP_LENGTH] for n in range(GROUPS))


def _normalised(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum()).translate(
        LOOKALIKES
    )
