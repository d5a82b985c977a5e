"""Every form of the portal, filled by a hostile hand: never a crash, never half written, always a way on."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from applications.enums import SectionCode
from clusters_portal import clock
from evaluation.demonstration.files import small_pdf
from tests.savepoints import rows_written, undone
from tests.security import forms, posts
from tests.security.extras import extras, protected
from tests.security.markup import live_markup
from tests.security.requests import Answer, Reader, contents, known_contents
from tests.walkers.routes import Route, own_routes, routes
from tests.walkers.world import INVITATION, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

# Refusals that are told to somebody: a deposit that failed is listed in the closing record.
TOLD = {"applications_depositfailure"}
UNTOLD = {"django_session", "usersessions_usersession"}
# Sections of every shape; the others, of the same fields, get the short list.
IN_FULL = ("/identity/", "/budget/", "/statement/")
ROUTES = {route.name: route for route in own_routes()}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """pytest keeps every logged request, and with it ten megabytes of body, until the test ends."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def address(world: World, route: Route, role: str) -> str:
    arguments = world.arguments(route, role)
    if route.name == "applications:team_invitation":
        arguments["token"] = INVITATION
    return reverse(route.name, kwargs=arguments)


def targets(world: World, place: posts.Place) -> Iterator[tuple[str, str]]:
    """(where the form is, where it posts to); a section of the dossier has as many forms as codes."""
    route = ROUTES[place.url]
    page = ROUTES[place.page or place.url]
    url = address(world, route, place.role)
    if place.url == "applications:section":
        for code in SectionCode:
            one = reverse(place.url, args=[world.dossier.pk, code.value])
            yield one, one
    else:
        yield address(world, page, place.role), url


def faults_of(answer: Answer, *, language: str) -> Iterator[str]:
    if answer.status >= 500:
        trace = answer.response.exc_info[1] if getattr(answer.response, "exc_info", None) else ""
        yield f"{answer.status} {trace!r}"
    if answer.changed - TOLD:
        yield f"{answer.status} and changes {', '.join(sorted(answer.changed))}"
    if 400 <= answer.status < 500 and answer.response["Content-Type"].startswith("text/html"):
        yield from unhelpful(answer, language=language)


def unhelpful(answer: Answer, *, language: str) -> Iterator[str]:
    """A refusal is in the reader's language and says what to do: at a field, on the page, or how to go on."""
    page = BeautifulSoup(answer.body, "html.parser")
    if page.html is None or page.html.get("lang") != language:
        yield f"{answer.status} is not in {language!r}"
        return
    told = page.select(".invalid-feedback, .alert, [role=alert], .error-summary")
    if not any(one.get_text(strip=True) for one in told) and not page.select("main a[href], main form"):
        yield f"{answer.status} says nothing to do"


@pytest.mark.parametrize("phase", posts.PLACES)
def test_no_form_breaks(phase: str):
    known_contents.cache_clear()
    world = build(phase, at=clock.now())
    faults, acts, formless = [], [], set()
    for place in posts.places(phase):
        readers = {language: Reader(world, place.role, language=language) for language in ("fr", "ar")}
        for page, url in targets(world, place):
            shown = readers["fr"].get(page)
            form = forms.form_of(shown.body, action=url, own=page == url)
            if form is None:
                formless.add(place.url)
                form = forms.bare(posts.FORMLESS.get(place.url, ()))
            if form.file:
                faults += [f"{url} {what}" for what in file_faults(readers["fr"], url, form)]
            few = place.url == "applications:section" and not url.endswith(IN_FULL)
            for number, (what, fields) in enumerate(form.attacks(few=few)):
                language = "ar" if number % 2 else "fr"
                answer = readers[language].post(url, forms.encoded(fields))
                found_here = [*faults_of(answer, language=language)]
                if what.startswith("markup"):
                    found_here += live_markup(answer.body)
                faults += [f"{place.url} {url} {what}: {one}" for one in found_here]
            acts += one_act(world, place, readers["fr"], url, form)
            for what, answer in odd_bodies(readers["ar"], url, form):
                faults += [f"{place.url} {what}: {one}" for one in faults_of(answer, language="ar")]
    faults += acts
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:80]])
    assert formless <= set(posts.FORMLESS)


def one_act(
    world: World, place: posts.Place, reader: Reader, url: str, form: forms.PageForm
) -> Iterator[str]:
    """The form as the page gives it: what it writes is in the trail, or not written; extra fields are not read."""
    events: list[int] = []

    def count(answer: Answer) -> None:
        events.append(AuditEvent.objects.count())

    known = AuditEvent.objects.count()
    before = rows_written()
    answer = reader.post(url, forms.encoded(form.plausible()), then=count)
    wrote = {name for name, number in rows_written().items() if before.get(name, 0) != number} - UNTOLD
    told = events[0] - known
    if answer.status == 302 and place.url not in posts.WITHOUT_TRAIL:
        if wrote and not told:
            yield f"{place.url} writes {', '.join(sorted(wrote))} and no event"
        if told:
            yield from without_trail(place, reader, url, form)
    if answer.status == 302 and place.url in posts.WITHOUT_TRAIL and told:
        yield f"{place.url} is said to need no event, and writes one"
    for status in ("archived", "withdrawn"):
        if status == "withdrawn" and place.url == "applications:withdrawal":
            continue
        untouched, seen = protected(world, status=status), []
        fields = form.plausible() + extras(world, status=status, taken=form.names)
        reader.post(
            url,
            forms.encoded(fields),
            then=lambda answer, status=status, seen=seen: seen.append(protected(world, status=status)),
        )
        yield from (
            f"{place.url}: extra fields changed {name}"
            for name in untouched
            if untouched[name] != seen[0][name]
        )


def without_trail(place: posts.Place, reader: Reader, url: str, form: forms.PageForm) -> Iterator[str]:
    """Where the event can't be written, nothing is: the act and its trace are one transaction."""
    before, after = contents(), []
    with mock.patch.object(AuditEvent.objects, "create", side_effect=DatabaseError("no trail")):
        answer = reader.post(
            url, forms.encoded(form.plausible()), then=lambda answer: after.append(contents())
        )
    changed = {name for name in before if before[name] != after[0][name]} - UNTOLD
    if answer.status != 500 or changed:
        yield f"{place.url} without a trail: {answer.status}, and changes {', '.join(sorted(changed))}"


def odd_bodies(reader: Reader, url: str, form: forms.PageForm) -> Iterator[tuple[str, Answer]]:
    """Bodies that are wrong before any field is read."""
    name = next(iter(sorted(form.names)), "reason")
    big = forms.encoded([(name, "a" * forms.TEN_MEGABYTES)])
    yield "10 MB", must_be(413, reader.post(url, big))
    body, kind = forms.multipart([(name, "a" * forms.TEN_MEGABYTES)], [])
    yield "10 MB of multipart", must_be(413, reader.post(url, body, kind))
    yield "6000 fields", must_be(400, reader.post(url, b"&".join([b"a=1"] * 6_000)))
    yield "no boundary", reader.post(url, b"--x\r\n", "multipart/form-data")
    yield "cut multipart", reader.post(url, body[:200], kind)
    yield "another charset", reader.post(url, b"a=%FE", "application/x-www-form-urlencoded; charset=utf-16")
    yield "JSON", reader.post(url, b'{"a": ', "application/json")


def must_be(status: int, answer: Answer) -> Answer:
    return answer if answer.status == status else replace(answer, status=599)


FILE_NAMES = (
    forms.MARKUP.encode(),
    b"a\0b.pdf",
    b"\xff\xfe.pdf",
    "facture\u202efdp.exe".encode(),
    b"..\\..\\etc\\passwd",
    b"../../x.pdf",
    b"=cmd.pdf",
    ("é" * 400).encode() + b".pdf",
    b"",
    b".pdf",
)


def file_faults(reader: Reader, url: str, form: forms.PageForm) -> Iterator[str]:
    content = small_pdf("Titre", ["Une ligne"])
    for name in FILE_NAMES:
        for sent in (content, b"", b"MZ\x90\x00", b"%PDF-1.7\n" + b"\0" * 100):
            body, kind = forms.multipart(form.plausible(), [(form.file, name, sent, "application/pdf")])
            answer = reader.post(url, body, kind)
            yield from (f"file {name!r}: {one}" for one in faults_of(answer, language="fr"))


def test_every_url_that_takes_a_post_has_a_place():
    """PUT is 405 everywhere; what a POST makes of an unknown thing tells whether the URL takes one."""
    known_contents.cache_clear()
    world = build("unknown", at=clock.now())
    reader = Reader(world, "auditor")
    taking = set()
    for route in own_routes():
        url = reverse(route.name, kwargs=world.arguments(route, "auditor"))
        if reader.post(url, b"").status != 405:
            taking.add(route.name)
    assert taking == posts.every_url()


READERS = (
    "anonymous",
    "applicant",
    "call_manager",
    "chair",
    "juror",
    "decision_maker",
    "auditor",
    "administrator",
)


def test_filters_of_the_lists_take_anything():
    """What is after the question mark of every page."""
    known_contents.cache_clear()
    world = build("published", at=clock.now())
    names = {
        "q",
        "page",
        "tri",
        "statut",
        "ordre",
        "next",
        "code",
        "n",
        "pdf",
        "sort",
        "verb",
        "since",
        "actor",
    }
    readers = {role: Reader(world, role) for role in READERS}
    faults = []
    for route in own_routes():
        for role, reader in readers.items():
            url = reverse(route.name, kwargs=world.arguments(route, role))
            with undone():
                shown = reader.get(url)
                if shown.status != 200:
                    continue
                is_page = shown.response["Content-Type"].startswith("text/html")
                asked = sorted(names | (fields_of_filters(shown.body) if is_page else set()))
                for kind in ("nul", "markup", "not utf-8", "beyond bigint", "last day"):
                    query = forms.encoded([(name, forms.HOSTILE[kind]) for name in asked]).decode()
                    answer = reader.get(f"{url}?{query}")
                    faults += [
                        f"{route.name} as {role}, {kind}: {one}" for one in faults_of(answer, language="fr")
                    ]
                    if answer.response["Content-Type"].startswith("text/html"):
                        faults += [f"{route.name}: {one}" for one in live_markup(answer.body)]
            break
    assert not faults, "\n".join(faults[:60])


def fields_of_filters(page: bytes) -> set[str]:
    soup = BeautifulSoup(page, "html.parser")
    return {
        control["name"]
        for form in soup.select("form:not([method=post])")
        for control in form.select("[name]")
        if control["name"] != "csrfmiddlewaretoken"
    }


def test_paths_of_bytes_and_nul_do_not_exist():
    for path in (
        "/%00",
        "/%ff%fe",
        "/clusters/%00/",
        "/appels/%ff/",
        "/dossiers/%00/",
        "/static/%00",
        "/a" * 4_000,
    ):
        with undone():
            answer = Client(raise_request_exception=False).get(path)
        assert answer.status_code in {302, 400, 404}, path


def test_account_pages_take_anything(django_user_model):
    """allauth's own forms, as a visitor and as a signed-in person."""
    known_contents.cache_clear()
    person = django_user_model.objects.create_user("personne@demo.example", "secret-for-tests")
    world = World("none", clock.now(), None, None, {"anonymous": None, "person": person})
    faults = []
    for role in world.people:
        reader = Reader(world, role)
        for route in (route for route in routes() if route.is_third_party):
            url = reverse(route.name, kwargs=dict.fromkeys(route.arguments, "x"))
            with undone():
                shown = reader.get(url)
            form = forms.form_of(shown.body, action=url, own=True) or forms.PageForm()
            for what, fields in form.attacks():
                answer = reader.post(url, forms.encoded(fields))
                if answer.status != 405:
                    faults += [f"{url} {what}: {one}" for one in faults_of(answer, language="fr")]
    assert not faults, "\n".join(faults[:60])
