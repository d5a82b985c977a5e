"""The browser of a journey: one Chromium, many people, each with a session of their own; every page is watched."""

import io
import re
from pathlib import Path
from typing import Any

import pypdf
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chromium import watched
from tests.journeys.portal import Portal

PICTURES = settings.BASE_DIR / "var" / "screenshots"
PATIENCE_MS = 20_000
VISITOR = ""
REFUSED = re.compile(r"the server responded with a status of (403|404|409|422)")


class Stage:
    """`page` is the page of whoever acts now. Names of people are their addresses; "" is a visitor."""

    def __init__(self, context: BrowserContext, portal: Portal, *, name: str, language: str = "fr") -> None:
        self.portal = portal
        self.name, self.language = name, language
        self._context = context
        self._cookies: dict[str, list[Any]] = {}
        self._who = VISITOR
        self._pictures = 0
        self._folder = PICTURES / name
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            old.unlink()
        context.clear_cookies()
        self.page: Page = watched(context.new_page())
        self.page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self._speak()

    def close(self) -> None:
        self.page.close()
        self._context.clear_cookies()
        expect.set_options(timeout=5_000)  # Playwright's own

    def _speak(self) -> None:
        cookie = {
            "name": settings.LANGUAGE_COOKIE_NAME,
            "value": self.language,
            "url": self.portal.address,
        }
        self._context.add_cookies([cookie])

    def become(self, who: str, password: str = "") -> None:
        """Another person sits down: the first time through the log-in page, later with the session kept."""
        self.check()
        self._cookies[self._who] = self._context.cookies()
        self._context.clear_cookies()
        self._speak()
        self._who = who
        if who in self._cookies:
            self._context.add_cookies(self._cookies[who])
        elif who != VISITOR:
            self.go("/compte/login/")
            self.page.locator("[name=login]").fill(who)
            self.page.locator("[name=password]").fill(password)
            self.page.locator("main").get_by_role("button", name="Se connecter").click()
            expect(self.page).not_to_have_url(re.compile("/compte/login/"))

    def remember(self, who: str) -> None:
        """Whoever has just signed up keeps this session."""
        self._who = who

    def go(self, path: str) -> None:
        self.page.goto(self.portal.address + path)
        self.sees_no_fault()

    def sees_no_fault(self) -> None:
        title = self.page.title()
        assert not re.match(r"(Erreur|Page introuvable|Accès refusé)", title), f"{self.page.url}: {title}"

    def check(self) -> None:
        """No console error, no script error, no request to elsewhere."""
        assert self.page.faults == [], self.page.faults

    def was_refused(self) -> None:
        """The portal answered the last request with a refusal, which Chromium writes to its console."""
        refusals = [fault for fault in self.page.faults if REFUSED.search(fault)]
        assert refusals, "nothing was refused"
        self.page.faults[:] = [fault for fault in self.page.faults if fault not in refusals]

    def status_of(self, path: str) -> int:
        """What the portal answers to this person for an address, outside the page."""
        answer = self._context.request.get(self.portal.address + path, max_redirects=0)
        return answer.status

    def button(self, name: str) -> Locator:
        return self.main.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.main.get_by_role("link", name=name, exact=True).first

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def press(self, name: str) -> None:
        self.button(name).click()

    def follow(self, name: str) -> None:
        self.link(name).click()

    def reads(self, *sentences: str | re.Pattern[str]) -> None:
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    def counts(self, number: int, caption: str) -> None:
        """A key figure and its caption, which stand in two elements."""
        expect(self.main).to_contain_text(re.compile(rf"\b{number}\s*{caption}"))

    def does_not_read(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.main).not_to_contain_text(sentence)

    def fill(self, **values: Any) -> None:
        """Fields of the page by their names; lists of the page by value, ticks by truth."""
        for name, value in values.items():
            fill_field(self.main.locator(f'[name="{name}"]'), value)

    def download(self, link: Locator) -> bytes:
        with self.page.expect_download() as arrived:
            link.click()
        return Path(arrived.value.path()).read_bytes()

    def fetch(self, link: Locator) -> bytes:
        """What stands behind a link that the browser would show instead of keeping."""
        answer = self._context.request.get(self.portal.address + (link.get_attribute("href") or ""))
        assert answer.status == 200, answer.status
        return answer.body()

    def window(self, name: str) -> None:
        """What a screen shows without scrolling: the picture of the README is a copy of one of these."""
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def picture(self, label: str) -> None:
        self.page.evaluate("document.fonts.ready")
        self._pictures += 1
        path = self._folder / f"{self._pictures:02}-{label}.png"
        self.page.screenshot(path=path, full_page=True)


def fill_field(field: Locator, value: Any) -> None:
    first = field.first
    kind = first.evaluate("e => e.tagName === 'SELECT' ? 'select' : (e.type || 'text')")
    if kind == "select":
        first.select_option(value)
    elif kind == "radio":
        field.and_(field.page.locator(f'[value="{value}"]')).check()
    elif kind == "checkbox":
        first.set_checked(bool(value))
    elif kind != "hidden":
        first.fill(str(value))


def pdf_text(content: bytes) -> str:
    """The text of a PDF as a reader would copy it, on one line."""
    assert content[:5] == b"%PDF-"
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def holds_arabic(text: str, sentence: str) -> bool:
    """Extraction gives some words of a right-to-left line in pieces: nine long words in ten must be whole."""
    words = [word for word in re.findall("[\u0621-\u064a]+", sentence) if len(word) > 3]
    return bool(words) and sum(word in text for word in words) >= 0.9 * len(words)
