"""Every shared piece in Chromium, in both languages, on a wide screen and on a telephone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import WCAG, faults_of, speak

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.gallery.urls"),
    pytest.mark.django_db(transaction=True),
]


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def check(page: Page) -> None:
    assert faults_of(page, rules=(*WCAG, "best-practice")) == []


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("query", ["", "?erreurs=1"])
def test_gallery(live_server, page, language, width, query):
    page.set_viewport_size({"width": width, "height": 800})
    speak(page, live_server.url, language)
    page.goto(f"{live_server.url}/{query}")
    shot(page, f"gallery-{language}-{width}{'-errors' if query else ''}")
    check(page)


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "path",
    ["accessibilite/", "donnees-personnelles/", "compte/login/", "compte/signup/", "compte/password/reset/"],
)
def test_plain_pages(live_server, page, language, path):
    page.set_viewport_size({"width": 390, "height": 800})
    speak(page, live_server.url, language)
    page.goto(f"{live_server.url}/{path}")
    shot(page, f"page-{path.strip('/').replace('/', '-')}-{language}")
    check(page)


def test_french_page_without_arabic_text_fetches_no_arabic_font(live_server, page):
    fonts = []
    page.on("request", lambda asked: fonts.append(asked.url) if asked.resource_type == "font" else None)
    speak(page, live_server.url, "fr")
    page.goto(f"{live_server.url}/accessibilite/")
    page.wait_for_load_state("networkidle")
    names = {url.rsplit("/", 1)[1] for url in fonts}
    assert "plex-sans.woff2" in names
    assert not {name for name in names if name.startswith("plex-arabic")}


def test_language_button_stays_on_the_page(live_server, page):
    speak(page, live_server.url, "fr")
    page.goto(f"{live_server.url}/donnees-personnelles/?a=1")
    page.get_by_role("button", name="العربيّة").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.url.endswith("/donnees-personnelles/?a=1")


def test_first_error_is_focused_and_the_title_says_so(live_server, page):
    page.goto(f"{live_server.url}/?erreurs=1")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.title().startswith("Erreur :")
    page.locator("[data-error-summary] a").first.click()
    assert page.url.endswith("#id_name") or page.url.endswith("#form-errors")


def test_text_is_saved_by_itself_and_rows_are_added(live_server, page):
    page.goto(live_server.url)
    page.fill("#id_name", "Cluster Démonstration")
    expect(page.locator("[data-autosave-state]")).to_have_text("Enregistré à 9 h 12", timeout=8000)
    expect(page.locator("[name=version]")).not_to_have_value("3")
    page.get_by_role("button", name="Ajouter un membre").click()
    expect(page.locator("#id_members-1-name")).to_be_focused()
    expect(page.locator("[name=members-TOTAL_FORMS]")).to_have_value("2")


def test_text_survives_a_lost_connection_and_a_reload(live_server, page):
    page.goto(live_server.url)
    page.route("**/enregistrer/", lambda route: route.abort())
    page.fill("#id_name", "Tapé hors ligne")
    expect(page.locator("[data-autosave-state]")).to_have_text("Non enregistré — nouvel essai", timeout=8000)
    page.reload()
    expect(page.locator("#id_name")).to_have_value("Tapé hors ligne")
    page.unroute("**/enregistrer/")
    expect(page.locator("[data-autosave-state]")).to_have_text("Enregistré à 9 h 12", timeout=12000)


def test_countdown_follows_the_server_clock(live_server, page):
    page.goto(live_server.url)
    expect(page.locator("[data-countdown-text]")).to_have_text("3 jours 5 heures 47 minutes")


def test_page_works_without_script(live_server, chromium_context):
    page = chromium_context.new_page()
    session = chromium_context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/compte/login/")
    expect(page.locator("#portal-nav")).to_have_count(1)
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    page.close()
