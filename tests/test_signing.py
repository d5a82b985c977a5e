import re

import pytest

from clusters_portal.signing import verification_code, verify_code

NUMBER = "REC-2026-0042"


def test_a_code_is_short_stable_and_belongs_to_one_document() -> None:
    code = verification_code("receipt", NUMBER)
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code)
    assert code == verification_code("receipt", NUMBER)
    others = {
        verification_code("letter", NUMBER),
        verification_code("receipt", "REC-2026-0043"),
        verification_code("receiptR", "EC-2026-0042"),
    }
    assert len(others) == 3
    assert code not in others


@pytest.mark.parametrize(
    "change", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c.replace('-', '')} "]
)
def test_what_people_type_is_forgiven(change) -> None:
    assert verify_code("receipt", NUMBER, change(verification_code("receipt", NUMBER)))


def test_letters_read_as_figures_are_forgiven() -> None:
    found = next(
        (number, code)
        for number in map(str, range(200))
        if {"O", "I", "B"} <= set(code := verification_code("receipt", number))
    )
    assert verify_code("receipt", found[0], found[1].replace("O", "0").replace("I", "1").replace("B", "8"))


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "é", "\ud800", "x" * 10_000])
def test_other_codes_are_refused(code: str) -> None:
    assert verify_code("receipt", NUMBER, code) is False


def test_every_character_counts() -> None:
    code = verification_code("receipt", NUMBER)
    for at, letter in enumerate(code):
        if letter != "-":
            other = "A" if letter != "A" else "C"
            assert not verify_code("receipt", NUMBER, code[:at] + other + code[at + 1 :])


def test_a_code_outlives_the_change_of_the_key(settings) -> None:
    code = verification_code("receipt", NUMBER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "1" * 50
    assert verification_code("receipt", NUMBER) != code
    assert verify_code("receipt", NUMBER, code)
    settings.SECRET_KEY_FALLBACKS = []
    assert not verify_code("receipt", NUMBER, code)
