"""Wheels that carry other projects' files come from single persons: each file is the project's own, byte for byte."""

from hashlib import sha256
from pathlib import Path

import bootstrap_wrapper
import django_htmx
import pytest

BOOTSTRAP = {
    "css/bootstrap.min.css": "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede",
    "css/bootstrap.rtl.min.css": "b9048c83571ab73da54395b6b307219f9eb9c5447f4f8edb17a069eb0f19465a",
    "js/bootstrap.bundle.min.js": "e4fd49181388c48ec5040bd3fe66f57c29c8e67fcd8502b3354b96ec7ab47cc7",
}
HTMX = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"


@pytest.mark.parametrize("name", sorted(BOOTSTRAP))
def test_bootstrap_is_the_published_one(name):
    assert (
        sha256((Path(bootstrap_wrapper.get_bootstrap_dir()) / name).read_bytes()).hexdigest()
        == BOOTSTRAP[name]
    )


def test_htmx_is_the_published_one():
    file = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    assert sha256(file.read_bytes()).hexdigest() == HTMX
