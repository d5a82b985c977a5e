"""One Chromium for every test of a worker: `chromium_context` and `page` are fixtures of tests/conftest.py."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

if TYPE_CHECKING:  # most tests need no browser: its modules take a while to load
    from playwright.sync_api import BrowserContext, Page

    from accounts.models import User

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AUTHENTICATIONS = "account_authentication_methods"  # allauth's

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
DESKTOP, PHONE = 1280, 390
SMALL_TEXT = """() => [...document.querySelectorAll('svg text')].filter(t => {
  const s = t.ownerSVGElement, w = s.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(t).fontSize) * (w ? s.getBoundingClientRect().width / w : 1) < 11
}).map(t => t.textContent)"""
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && e.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1) &&
      !e.closest('.skip-link') && !e.parentElement.closest('.table-responsive');
  });
  const leaves = wide.filter(e => !wide.some(other => other !== e && e.contains(other)));
  const found = leaves.slice(0, 5).map(e => e.outerHTML.slice(0, 120));
  return found.concat(`scrollWidth ${document.documentElement.scrollWidth}`);
}"""


@pytest.fixture(scope="session")
def chromium_context(chromium: str) -> Iterator[BrowserContext]:
    """One at a time in a process: Playwright's synchronous interface can't be entered twice."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # it keeps a loop in this thread
    profile = tempfile.mkdtemp(prefix="chromium-")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            args=FLAGS,
            locale="fr-FR",
            timezone_id="Africa/Casablanca",
            reduced_motion="reduce",
            viewport={"width": DESKTOP, "height": 800},
            accept_downloads=True,
        )
        yield context
        context.close()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def page(chromium_context: BrowserContext) -> Iterator[Page]:
    """An empty page without cookies. `page.faults` collects console errors, script errors and foreign requests."""
    page = watched(chromium_context.new_page())
    yield page
    page.close()
    chromium_context.clear_cookies()


def watched(page: Page) -> Page:
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(f"script error: {error}"))
    page.on(
        "console", lambda said: page.faults.append(f"console: {said.text}") if said.type == "error" else None
    )
    page.on(
        "request", lambda asked: None if is_local(asked.url) else page.faults.append(f"foreign: {asked.url}")
    )
    return page


def is_local(url: str) -> bool:
    return url.startswith(("http://localhost:", "http://127.0.0.1:", "data:", "blob:", "about:"))


def sign_in(page: Page, server_url: str, user: User | None) -> None:
    """By a session cookie; None signs out."""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    if user is not None:
        client = Client()
        client.force_login(user)
        state = client.session
        state[AUTHENTICATIONS] = [
            {"method": "password", "at": time.time(), "email": user.email, "reauthenticated": True}
        ]
        state[f"{AUTHENTICATIONS}_user"] = str(user.pk)
        state.save()  # as if the password had just been typed: pages of the second factor ask for that
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server_url}]
        )


def speak(page: Page, server_url: str, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server_url}])


def faults_of(page: Page, *, rules: tuple[str, ...] = WCAG) -> list[str]:
    """What is wrong with the page as it stands: accessibility, sideways scroll, small chart text, `page.faults`.

    `rules`: axe's tags.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    found = [f"wider than the screen: {element}" for element in page.evaluate(TOO_WIDE)]
    found += [f"chart text under 11 px: {text}" for text in page.evaluate(SMALL_TEXT)]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    for rule in page.evaluate("options => axe.run(document, options)", options)["violations"]:
        places = [f"{' '.join(map(str, node['target']))} {node['html'][:120]}" for node in rule["nodes"][:3]]
        found.append(f"axe {rule['id']} ×{len(rule['nodes'])}: {'; '.join(places)}")
    found += page.faults
    page.faults.clear()
    return found
