import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.ice import IceWarning, check_ice, normalise_ice

PLAUSIBLE = ["001561191000066", "001527456000081", "002163624000014", "000039557000028", "002968168000088"]


@pytest.mark.parametrize("number", PLAUSIBLE)
def test_plausible_numbers(number):
    assert check_ice(number).warning is None
    assert check_ice(number).identifies


@pytest.mark.parametrize(
    ("typed", "number", "warning"),
    [
        ("001561191000065", "001561191000065", IceWarning.CHECK_DIGITS),
        ("00 15 61 19 10 00 066", "001561191000066", None),
        ("ICE : 001561191000066", "001561191000066", None),
        ("٠٠١٥٦١١٩١٠٠٠٠٦٦", "001561191000066", None),
        ("1561191000066", "001561191000066", None),
        ("39557000028", "000039557000028", None),
        ("12345", "12345", IceWarning.MALFORMED),
        ("0015611910000661", "0015611910000661", IceWarning.MALFORMED),
        ("abc", "ABC", IceWarning.MALFORMED),
        ("", "", None),
        ("  ", "", None),
    ],
)
def test_a_doubtful_number_only_warns(typed, number, warning):
    check = check_ice(typed)
    assert (check.number, check.warning) == (number, warning)


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(text):
    assert normalise_ice(normalise_ice(text)) == normalise_ice(text)
    assert check_ice(text).number == normalise_ice(text)
