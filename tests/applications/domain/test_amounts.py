import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.amounts import AmountFault as F
from applications.domain.amounts import InvalidAmount, canonical_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2 000 000", "2000000.00"),
        ("2.000.000", "2000000.00"),
        ("2,000,000", "2000000.00"),
        ("2000000,50", "2000000.50"),
        ("2000000.5", "2000000.50"),
        ("2\u202f000\u202f000,00\u00a0MAD", "2000000.00"),
        ("2.000.000,00 د.م.", "2000000.00"),
        ("٢٠٠٠٠٠٠", "2000000.00"),
        ("٢٬٠٠٠٬٠٠٠٫٥٠", "2000000.50"),
        ("٢.٠٠٠ درهم", "2000.00"),
        ("2.000", "2000.00"),
        ("2.000,5", "2000.50"),
        ("2,000.50", "2000.50"),
        ("1200 DH", "1200.00"),
        ("0", "0.00"),
        ("007", "7.00"),
        ("999999999999,99", "999999999999.99"),
    ],
)
def test_amounts_as_people_type_them(text, amount):
    assert canonical_amount(parse_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", F.EMPTY),
        (" \u202f", F.EMPTY),
        ("MAD", F.EMPTY),
        ("-1", F.NEGATIVE),
        ("2,000", F.AMBIGUOUS),
        ("2000.505", F.TOO_MANY_DECIMALS),
        ("2 MDH", F.NOT_A_NUMBER),
        ("deux millions", F.NOT_A_NUMBER),
        ("=1+1", F.NOT_A_NUMBER),
        ("1e6", F.NOT_A_NUMBER),
        ("NaN", F.NOT_A_NUMBER),
        ("2.00.000", F.TOO_MANY_DECIMALS),
        ("2.000.00", F.NOT_A_NUMBER),
        ("1.2.3", F.NOT_A_NUMBER),
        (",5", F.NOT_A_NUMBER),
        ("1000000000000", F.TOO_LARGE),
        ("9" * 400, F.TOO_LARGE),
        ("²", F.NOT_A_NUMBER),
    ],
)
def test_what_is_not_an_amount(text, fault):
    with pytest.raises(InvalidAmount) as refused:
        parse_amount(text)
    assert refused.value.code is fault


@given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2))
def test_a_stored_amount_reads_back_whichever_sign_is_used(amount):
    stored = canonical_amount(amount)
    french = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    arabic = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_amount(stored) == parse_amount(french) == parse_amount(arabic) == amount


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(InvalidAmount):
        assert parse_amount(text) >= 0
