from datetime import UTC, date, datetime, timedelta

import pytest

from applications.domain.eligibility import (
    NOTICE,
    PROPOSED_FR,
    RULESET_VERSION,
    PresentPiece,
    RequiredPiece,
    RuleSource,
    on_time,
    pieces_present,
    support_years_line,
)
from applications.domain.support_facts import LabelFact, Provenance, SupportFacts, SupportPeriod
from applications.domain.support_years import SupportSettings, judge_support
from applications.domain.years import DateInterval
from applications.enums import EligibilityLine, Finding, SupportCount, Track

OPENS = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 27, 15, tzinfo=UTC)
ARTICLE = RuleSource("Cahier des charges, article 4")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_line_without_an_article_can_only_warn():
    assert (RuleSource().text, RuleSource(" ").can_only_warn) == (PROPOSED_FR, True)
    assert (ARTICLE.text, ARTICLE.can_only_warn) == ("Cahier des charges, article 4", False)
    line = on_time(submitted_at=OPENS, opens_at=OPENS, closes_at=CLOSES, source=NOTICE)
    assert (line.line, line.can_only_warn, line.ruleset_version) == (
        EligibilityLine.ON_TIME,
        False,
        RULESET_VERSION,
    )


@pytest.mark.parametrize(
    ("submitted_at", "finding", "french", "arabic"),
    [
        (
            CLOSES - timedelta(seconds=2),
            Finding.MET,
            (
                "Le dossier a été déposé le vendredi 27 novembre 2026 à 14 h 59 min 58 s (heure de Rabat), avant "
                "l'échéance, le vendredi 27 novembre 2026 à 15 h 00 (heure de Rabat)."
            ),
            (
                "أُودع الملف يوم الجمعة 27 نونبر 2026 على الساعة 14:59:58 (بتوقيت الرباط)، قبل انصرام الأجل المحدد في "
                "يوم الجمعة 27 نونبر 2026 على الساعة 15:00 (بتوقيت الرباط)."
            ),
        ),
        (
            CLOSES,
            Finding.NOT_MET,
            (
                "Le dossier a été déposé le vendredi 27 novembre 2026 à 15 h 00 (heure de Rabat), à l'échéance ou "
                "après : elle était fixée au vendredi 27 novembre 2026 à 15 h 00 (heure de Rabat), heure non comprise."
            ),
            (
                "أُودع الملف يوم الجمعة 27 نونبر 2026 على الساعة 15:00 (بتوقيت الرباط)، عند انصرام الأجل أو بعده: وقد "
                "حُدد الأجل في يوم الجمعة 27 نونبر 2026 على الساعة 15:00 (بتوقيت الرباط)، والساعة المذكورة غير مشمولة."
            ),
        ),
        (
            OPENS - timedelta(hours=1),
            Finding.NOT_MET,
            (
                "Le dossier a été déposé le jeudi 1er octobre 2026 à 8 h 00 (heure de Rabat), avant l'ouverture de "
                "l'appel, le jeudi 1er octobre 2026 à 9 h 00 (heure de Rabat)."
            ),
            (
                "أُودع الملف يوم الخميس 1 أكتوبر 2026 على الساعة 08:00 (بتوقيت الرباط)، قبل افتتاح طلب المشاريع، المحدد "
                "في يوم الخميس 1 أكتوبر 2026 على الساعة 09:00 (بتوقيت الرباط)."
            ),
        ),
    ],
)
def test_on_time(submitted_at, finding, french, arabic):
    line = on_time(submitted_at=submitted_at, opens_at=OPENS, closes_at=CLOSES, source=NOTICE)
    assert line.finding is finding
    assert plain(line.reason_fr) == french
    assert line.reason_ar == arabic
    assert line.facts["submitted_at"] == submitted_at.isoformat()


REQUIRED = (
    RequiredPiece("statuts", "Statuts", "النظام الأساسي"),
    RequiredPiece("bilan", "Bilan", "الحصيلة", tracks=frozenset({Track.EXISTING})),
    RequiredPiece("recepisse", "Récépissé", is_mandatory=False),
)


@pytest.mark.parametrize(
    ("track", "present", "finding", "french"),
    [
        (Track.NEW, [("statuts", True)], Finding.MET, "1 pièce obligatoire est présente et lisible."),
        (Track.NEW, [], Finding.NOT_MET, "Pièces obligatoires absentes : Statuts."),
        (Track.EXISTING, [("statuts", True)], Finding.NOT_MET, "Pièces obligatoires absentes : Bilan."),
        (Track.EXISTING, [], Finding.NOT_MET, "Pièces obligatoires absentes : Statuts, Bilan."),
        (
            Track.EXISTING,
            [("statuts", True), ("bilan", True), ("bilan", False)],
            Finding.MET,
            "2 pièces obligatoires sont présentes et lisibles.",
        ),
        (Track.NEW, [("statuts", False)], Finding.NOT_MET, "Pièces illisibles : Statuts."),
        (
            Track.NEW,
            [("statuts", None), ("statuts", False)],
            Finding.TO_VERIFY,
            "Pièces dont la lisibilité est à vérifier : Statuts.",
        ),
    ],
)
def test_mandatory_pieces(track, present, finding, french):
    files = [PresentPiece(code, readable) for code, readable in present]
    line = pieces_present(REQUIRED, files, track=track, source=ARTICLE)
    assert (line.finding, plain(line.reason_fr)) == (finding, french)
    assert line.reason_ar.endswith(".")


def test_a_call_that_asks_for_nothing_is_answered():
    line = pieces_present((), (), track=Track.NEW, source=ARTICLE)
    assert (line.finding, line.reason_fr) == (Finding.MET, "Aucune pièce exigée.")


def judged(*labels: tuple[str, bool], on="2023-05-19"):
    facts = SupportFacts(
        tuple(
            LabelFact(
                DateInterval.on(date.fromisoformat(day)) if day else None,
                provenance=Provenance(confirmed=sure),
            )
            for day, sure in labels
        ),
        (SupportPeriod(DateInterval.on(date(2011, 3, 1)), years=3),) if labels else (),
    )
    rule = SupportSettings(SupportCount.SINCE_FIRST_LABEL)
    return judge_support(facts, on=date.fromisoformat(on), settings=rule)


@pytest.mark.parametrize(
    ("track", "labels", "finding", "unconfirmed"),
    [
        (Track.EXISTING, [("2011-03-01", True)], Finding.MET, False),
        (Track.EXISTING, [("2011-03-01", False)], Finding.MET, True),
        (Track.EXISTING, [("2016-11-16", True)], Finding.NOT_MET, False),
        (Track.EXISTING, [("", False)], Finding.TO_VERIFY, True),
        (Track.EXISTING, [], Finding.NOT_MET, False),
        (Track.NEW, [("2011-03-01", True)], Finding.NOT_MET, False),
        (Track.NEW, [("2016-11-16", True)], Finding.NOT_MET, False),
        (Track.NEW, [("", False)], Finding.TO_VERIFY, True),
        (Track.NEW, [], Finding.MET, False),
    ],
)
def test_the_support_line_by_track(track, labels, finding, unconfirmed):
    line = support_years_line(judged(*labels), track=track, source=ARTICLE)
    assert (line.finding, line.rests_on_unconfirmed) == (finding, unconfirmed)
    assert line.facts["track"] == track.value
    assert line.facts["reference_on"] == "2023-05-19"


def test_the_support_line_says_when_the_track_is_the_wrong_one():
    past = support_years_line(judged(("2011-03-01", True)), track=Track.NEW, source=ARTICLE)
    assert "réservée aux clusters jamais labellisés" in past.reason_fr
    assert "لم يسبق لها" in past.reason_ar
    never = support_years_line(judged(), track=Track.EXISTING, source=ARTICLE)
    assert "suppose une labellisation antérieure" in never.reason_fr
    neither = support_years_line(judged(("2016-11-16", True)), track=Track.EXISTING, source=ARTICLE)
    assert "il ne relève pas non plus" in neither.reason_fr


def test_a_dossier_that_names_no_cluster():
    assert support_years_line(None, track=Track.NEW, source=ARTICLE).finding is Finding.MET
    existing = support_years_line(None, track=Track.EXISTING, source=RuleSource())
    assert (existing.finding, existing.can_only_warn) == (Finding.TO_VERIFY, True)
    assert "à vérifier" in existing.reason_fr
