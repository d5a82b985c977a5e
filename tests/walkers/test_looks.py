"""Every page in Chromium, opened by the role that owns it, in French and Arabic, on a wide screen and a telephone."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.urls import reverse

from applications.models import Application
from clusters_portal import clock
from tests.browser.chromium import DESKTOP, PHONE, faults_of, sign_in, speak
from tests.walkers.routes import routes
from tests.walkers.world import PHASES, World, build

TABLE = Path(__file__).with_name("pages.csv")
SHOTS = Path(settings.VAR_DIR) / "screenshots"
OWN = "own"  # in the column `with` of the table: the person's own dossier instead of the walk's
LANGUAGES = ("fr", "ar")
HEIGHT = 900

# URLs that answer no page of their own, and why.
POST_ONLY = "takes a POST, answers with the page it came from or redirects"
FILE = "a file"
NOT_A_PAGE: dict[str, str] = {
    "healthz": "for machines",
    "readyz": "for machines",
    "applications:document_add": "the form stands on the page of the pieces",
    "evaluation:decision-preview": FILE,
    "accounts:mails": "exists in development only; tests/accounts/test_mails.py",
    "accounts:mail": "exists in development only; tests/accounts/test_mails.py",
    "account_email_verification_sent": "only in the middle of a sign-up; same template as the code of a reset",
    "account_confirm_login_code": "log-in by code is off: redirects",
    "mfa_authenticate": "in the middle of a log-in only; tests/accounts/test_second_factor.py",
    "mfa_reauthenticate": "same template as account_reauthenticate",
    "account_set_password": "every account has a password: redirects",
    "accounts:trail_csv": FILE,
    "evaluation:jury-file": FILE,
    "evaluation:jury-ranking-export": FILE,
    "evaluation:jury-minutes": FILE,
    "evaluation:letter-file": FILE,
    "evaluation:my-letter": FILE,
    "applications:document_file": FILE,
    "applications:receipt_pdf": FILE,
    "applications:staff-dossiers-export": FILE,
    "applications:staff-document": FILE,
    "applications:closing-record-pdf": FILE,
    "mfa_download_recovery_codes": FILE,
    "set_language": POST_ONLY,
    "accounts:read_all": POST_ONLY,
    "accounts:open_notice": POST_ONLY,
    "accounts:read_notice": POST_ONLY,
    "accounts:grant": POST_ONLY,
    "accounts:revoke": POST_ONLY,
    "accounts:deactivate_person": POST_ONLY,
    "accounts:reactivate_person": POST_ONLY,
    "evaluation:jury-role": POST_ONLY,
    "evaluation:jury-remove": POST_ONLY,
    "evaluation:jury-start": POST_ONLY,
    "evaluation:jury-rule": POST_ONLY,
    "evaluation:jury-assign": POST_ONLY,
    "evaluation:jury-settle-all": POST_ONLY,
    "evaluation:jury-sign": POST_ONLY,
    "evaluation:sign-all": POST_ONLY,
    "evaluation:letters-retry": POST_ONLY,
    "evaluation:publish-results": POST_ONLY,
    "evaluation:decision-amend": POST_ONLY,
    "evaluation:decision-sign": POST_ONLY,
    "evaluation:acknowledge": POST_ONLY,
    "applications:document_remove": POST_ONLY,
    "applications:document_restore": POST_ONLY,
    "applications:withdrawal_undo": POST_ONLY,
    "applications:team_revoke": POST_ONLY,
    "applications:opening-propose": POST_ONLY,
    "applications:opening-confirm": POST_ONLY,
    "applications:opening-withdraw": POST_ONLY,
    "applications:check-answer": POST_ONLY,
    "applications:check-second": POST_ONLY,
    "applications:settle": POST_ONLY,
    "applications:settle-confirm": POST_ONLY,
    "applications:settle-withdraw": POST_ONLY,
    "applications:register-fact-confirm": POST_ONLY,
}


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_page_has_an_owner():
    owned = {row["url"] for row in rows()}
    known = {route.name for route in routes()}
    assert owned - known == set(), "rows without a URL"
    assert set(NOT_A_PAGE) - known == set(), "reasons without a URL"
    assert known - owned - set(NOT_A_PAGE) == set(), "URLs without a row in pages.csv and without a reason"
    assert owned & set(NOT_A_PAGE) == set(), "both a page and not a page"


def pages_of(world: World) -> Iterator[tuple[str, str, str]]:
    """A name for the pictures, the role and the address."""
    by_name = {route.name: route for route in routes()}
    for row in rows():
        if row["phase"] == world.phase:
            route = by_name[row["url"]]
            given = dict(part.split("=") for part in row["with"].split())
            if given.get("pk") == OWN:
                given["pk"] = Application.objects.get(team__user=world.people[row["role"]]).pk
            url = reverse(route.name, kwargs=world.arguments(route, row["role"]) | given)
            name = "-".join(part for part in (route.name, row["role"], row["with"]) if part)
            yield re.sub(r"[:=]", "-", name), row["role"], url + row["query"]


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phase", sorted({row["phase"] for row in rows()}, key=PHASES.index))
def test_every_page_looks_right(phase: str, live_server, page):
    world = build(phase, at=clock.now())
    TOTP.activate(world.people["administrator"], generate_totp_secret())
    RecoveryCodes.activate(world.people["administrator"])
    faults: list[str] = []
    signed_in = None
    for page_name, role, url in pages_of(world):
        if role != signed_in:
            sign_in(page, live_server.url, world.people[role])
            signed_in = role
        for language in LANGUAGES:
            speak(page, live_server.url, language)
            page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
            response = page.goto(live_server.url + url)
            name = f"{page_name}-{language}"
            if response is None or response.status != 200 or page.url != live_server.url + url:
                faults.append(f"{name} {url}: {response and response.status} {page.url}")
                page.faults.clear()
                continue
            for width in (DESKTOP, PHONE):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                faults += [f"{name}-{width} {url}: {fault}" for fault in faults_of(page)]
                page.screenshot(
                    path=SHOTS / phase / f"{name}-{width}.jpg", full_page=True, type="jpeg", quality=85
                )
    assert not faults, "\n" + "\n".join(faults)
