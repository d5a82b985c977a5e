import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.sealing import (
    ALPHABET,
    SealedFile,
    canonical_json,
    digest,
    manifest,
    normalise_receipt_number,
    receipt_number,
    verify_receipt_number,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def test_the_canonical_text_is_written_one_way():
    snapshot = {"ب": ["é", 1, None, True], "a": {"z": "", "b": "\u202f\n"}}
    assert canonical_json(snapshot).decode() == '{"a":{"b":"\u202f\\n","z":""},"ب":["é",1,null,true]}'
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@given(st.dictionaries(st.text(max_size=4), JSON_VALUES, max_size=5))
def test_the_digest_ignores_the_order_of_keys_and_survives_storage(snapshot):
    shuffled = dict(reversed(list(snapshot.items())))
    stored = json.loads(json.dumps(snapshot))
    assert digest(snapshot) == digest(shuffled) == digest(stored)


def test_text_is_sealed_as_typed():
    composed, parted = "Cluster é", unicodedata.normalize("NFD", "Cluster é")
    assert digest({"name": composed}) != digest({"name": parted})


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), (1,), {1: "a"}, {"a": {2}}, [b"a"], float("nan")])
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_text_that_is_not_unicode_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        canonical_json({"a": "\ud800"})


def test_the_manifest_has_one_order():
    files = [
        SealedFile("statuts", "b.pdf", 2, "b" * 64),
        SealedFile("statuts", "a.pdf", 1, "a" * 64),
        SealedFile("pv", "z.pdf", 3, "c" * 64),
    ]
    assert [row["name"] for row in manifest(files)] == ["z.pdf", "a.pdf", "b.pdf"]
    assert manifest(files) == manifest(reversed(files))
    assert manifest(files)[0] == {"piece": "pv", "name": "z.pdf", "size": 3, "sha256": "c" * 64}


@pytest.mark.parametrize("sha256", ["", "A" * 64, "a" * 63])
def test_a_file_without_its_digest_is_refused(sha256):
    with pytest.raises(ValueError, match="not a sealed file"):
        manifest([SealedFile("pv", "z.pdf", 3, sha256)])


@pytest.mark.parametrize(
    ("seed", "number"), [(b"\0\0\0\0\0", "R-2026-0000-000M"), (b"\xff\xff\xff\xff\xff", "R-2026-ZZZZ-ZZZR")]
)
def test_the_number_follows_from_the_bytes(seed, number):
    assert receipt_number(2026, seed) == number


@given(st.integers(1000, 9999), st.binary(min_size=5, max_size=5), st.data())
def test_a_receipt_number_verifies_and_no_slip_does(year, seed, data):
    number = receipt_number(year, seed)
    assert verify_receipt_number(number)
    assert verify_receipt_number(number.lower().replace("-", " "))
    places = [place for place, symbol in enumerate(number) if place > 1 and symbol != "-"]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([symbol for symbol in ALPHABET if symbol != number[place]]))
    assert not verify_receipt_number(number[:place] + other + number[place + 1 :])
    left, right = sorted(data.draw(st.permutations(places))[:2])
    if number[left] != number[right]:
        swapped = list(number)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert not verify_receipt_number("".join(swapped))


def test_letters_that_look_like_digits_are_read_as_digits():
    assert normalise_receipt_number("r-2O26-oil0-0009") == "R-2026-0110-0009"


@pytest.mark.parametrize(
    "text", ["", "R", "R-2026-0000", "X-2026-0000-0000", "R-2026-UUUU-UUUU", "R-٢٠٢٦-0000-0000"]
)
def test_what_is_not_a_number(text):
    assert normalise_receipt_number(text) == ""
    assert not verify_receipt_number(text)


@pytest.mark.parametrize(("year", "seed"), [(26, b"12345"), (2026, b"1234"), (2026, b"123456")])
def test_a_number_takes_five_bytes_and_a_year(year, seed):
    with pytest.raises(ValueError, match="receipt number"):
        receipt_number(year, seed)
