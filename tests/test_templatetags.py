from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override


def render(source: str, path: str = "/", **context) -> str:
    request = RequestFactory().get(path)
    return Template("{% load portal %}" + source).render(Context({"request": request, **context}))


def test_formats_follow_the_language_of_the_page():
    at = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    with override("fr"):
        assert render("{{ at|instant }}", at=at).startswith("vendredi 27")
        assert render("{{ n|mark }} {{ n|mad }}", n=Decimal("2.5")) == "2,50 2,50\xa0MAD"
        assert render("{{ d|duration }}", d=timedelta(hours=2)) == "2 heures"
    with override("ar"):
        assert "نونبر" in render("{{ at|day }}", at=at)


def test_nothing_given_prints_nothing():
    source = (
        "{{ v|instant }}{{ v|instant_short }}{{ v|hour }}{{ v|day }}{{ v|day_short }}{{ v|mad }}{{ v|mark }}"
    )
    assert render(source + "{{ v|integer }}{{ v|percent }}{{ v|filesize }}", v=None) == ""


def test_icon_is_decorative():
    drawn = render("{% icon 'download' 20 %}")
    assert drawn.startswith('<span class="icon" aria-hidden="true"><svg')
    assert 'height="20"' in drawn


def test_bidi_ltr_escapes():
    assert render("{% bidi_ltr v %}", v="<R-1>") == '<bdi dir="ltr">&lt;R-1&gt;</bdi>'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% query_replace page=3 %}", "?q=a+b&amp;page=3"),
        ("{% query_replace q='c' %}", "?q=c"),
        ("{% query_replace q=None %}", "?"),
        ("{% query_replace tri='-nom' q='' %}", "?tri=-nom"),
    ],
)
def test_query_replace_forgets_the_page_unless_told(tag, expected):
    assert render(tag, "/liste/?q=a+b&page=2") == expected


@pytest.mark.parametrize(
    ("query", "state", "href"),
    [
        ("", "none", "?tri=nom"),
        ("?tri=nom", "ascending", "?tri=-nom"),
        ("?tri=-nom", "descending", "?tri=nom"),
    ],
)
def test_sort_header(query, state, href):
    drawn = render("{% sort_header 'nom' 'Nom' %}", f"/liste/{query}")
    assert f'aria-sort="{state}"' in drawn
    assert f'href="{href}"' in drawn


def test_breadcrumbs_end_with_this_page():
    drawn = render("{% breadcrumbs 'Appels' '/appels/' title %}", title="<Appel>")
    assert '<a href="/appels/"><bdi>Appels</bdi></a>' in drawn
    assert 'aria-current="page"><bdi>&lt;Appel&gt;</bdi>' in drawn


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/gestion/", "/gestion/"),
        ("/gestion/personnes/12/", "/gestion/personnes/"),
        ("/appels/aap-1/", "/appels/"),
        ("/jury/", ""),
    ],
)
def test_one_menu_entry_is_current(path, expected):
    entries = [SimpleNamespace(url="/gestion/"), SimpleNamespace(url="/gestion/personnes/")]
    assert render("{% current_entry entries '/appels/' '' %}", path, entries=entries) == expected
