"""The applicant's part in Arabic, on a telephone: from the notice and the sign-up to the receipt."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from applications.actions.reference import load_reference_data
from applications.enums import SectionCode
from applications.models import Sector
from clusters_portal import formats
from evaluation.demonstration.call import draft_call, open_call
from evaluation.demonstration.people import ensure_people
from evaluation.demonstration.phases import Phase, timeline
from tests.browser.chromium import PHONE
from tests.journeys import applicant, forms
from tests.journeys.stage import VISITOR, Stage

TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
ARABIC = re.compile("[\u0621-\u064a]{2}")


class ArabicPhone(Stage):
    """Every page that is pictured reads from right to left and scrolls in one direction only."""

    def picture(self, label: str) -> None:
        super().picture(label)
        html = self.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl"), self.page.url
        assert not self.page.evaluate(TOO_WIDE), f"{self.page.url} is wider than the telephone"
        assert ARABIC.search(self.page.locator("h1").inner_text()), self.page.url


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_a_dossier_in_arabic_on_a_telephone(portal, open_stage) -> None:
    at = portal.now()
    load_reference_data(at=at)
    people = ensure_people(jurors=1, applicants=1, at=at - timedelta(days=60))
    when = timeline(Phase.OPEN, at=at)
    call = open_call(draft_call(when, jurors=1, by=people.manager), when, by=people.manager)
    stage = open_stage(ArabicPhone, name="journey-arabic", language="ar")
    stage.page.set_viewport_size({"width": PHONE, "height": 844})

    stage.become(VISITOR)
    stage.go(f"/appels/{call.code}/")
    closes_at = formats.instant(call.closes_at, language="ar")
    stage.reads(call.title_ar, closes_at)
    stage.picture("appel")

    applicant.signs_up(stage, "porteuse.oasis@demo.example", "حاملة المشروع التجريبي", language="ar")
    mail = portal.mail_to("porteuse.oasis@demo.example", "")
    assert ARABIC.search(str(mail["Subject"]))
    dossier = applicant.begins(stage, call.code)
    sector = Sector.objects.first().code
    profile = forms.profile(2, in_arabic=True)
    answers = forms.answers_of(profile, sector=sector, first_year=when.closes_at.year + 1)
    name_ar = answers[SectionCode.IDENTITY]["name_ar"]
    applicant.fills(stage, dossier, answers)
    applicant.sees_what_is_missing(stage, dossier, count=7)
    sums = applicant.joins_pieces(stage, dossier)
    submission = applicant.deposits(stage, dossier)
    stage.reads(ARABIC, submission.number, formats.instant(submission.submitted_at, language="ar"))
    text = applicant.reads_the_receipt(stage, submission, sums)
    assert name_ar.split()[0] in text
    applicant.gets_the_mail(stage, "porteuse.oasis@demo.example", submission, sums)
    received = portal.mail_to("porteuse.oasis@demo.example", submission.number)
    assert ARABIC.search(str(received["Subject"]))

    stage.go("/dossiers/")
    stage.reads(submission.number)
    stage.picture("mes-dossiers")
    expect(stage.page.locator("nav#portal-nav")).to_be_hidden()
    stage.page.locator("[data-toggle-nav]").click()
    expect(stage.page.locator("nav#portal-nav")).to_be_visible()
    stage.check()
