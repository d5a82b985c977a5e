"""The lines of the checklist: each a pure function of sealed facts and of the call's settings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.domain.deadlines import ZONE, is_within
from applications.domain.support_reasons import reason_ar, reason_fr
from applications.domain.support_years import SupportAnswer
from applications.domain.wording import (
    counted_fr,
    french,
    instant_ar,
    instant_fr,
    list_ar,
    list_fr,
)
from applications.enums import EligibilityLine, Finding, SupportFinding, Track

RULESET_VERSION = "2026.1"
PROPOSED_FR = "proposé par le portail"
PROPOSED_AR = "مقترح من البوابة"


@dataclass(frozen=True, slots=True)
class RuleSource:
    """The article of the cahier des charges that a line applies; without one the portal proposes it."""

    article: str = ""

    @property
    def can_only_warn(self) -> bool:
        """A line without an article never makes a dossier inadmissible."""
        return not self.article.strip()

    @property
    def text(self) -> str:
        return self.article.strip() or PROPOSED_FR


# The closing time is published by the call's own notice, whatever the cahier des charges says.
NOTICE = RuleSource("Avis d'appel à projets, date limite de dépôt")


@dataclass(frozen=True, slots=True)
class LineFinding:
    """What one rule found. `facts` holds JSON's own types."""

    line: EligibilityLine
    finding: Finding
    facts: dict[str, Any]
    reason_fr: str
    reason_ar: str
    source: str
    can_only_warn: bool
    ruleset_version: str = RULESET_VERSION
    rests_on_unconfirmed: bool = False


def line_finding(
    line: EligibilityLine,
    finding: Finding,
    source: RuleSource,
    *,
    facts: dict[str, Any],
    reasons: tuple[str, str],
    rests_on_unconfirmed: bool = False,
) -> LineFinding:
    """`reasons` in French, then in Arabic."""
    return LineFinding(
        line=line,
        finding=finding,
        facts=facts,
        reason_fr=french(reasons[0]),
        reason_ar=reasons[1],
        source=source.text,
        can_only_warn=source.can_only_warn,
        rests_on_unconfirmed=rests_on_unconfirmed,
    )


def on_time(
    *,
    submitted_at: datetime,
    opens_at: datetime,
    closes_at: datetime,
    source: RuleSource,
    zone: str = ZONE,
) -> LineFinding:
    """The deposit is in `[opens, closes)`, by the server's clock, for the deadline in force."""
    met = is_within(submitted_at, opens_at=opens_at, closes_at=closes_at)
    early = submitted_at < opens_at
    deposit_fr, deposit_ar = instant_fr(submitted_at, zone=zone), instant_ar(submitted_at, zone=zone)
    bound = opens_at if early else closes_at
    bound_fr, bound_ar = instant_fr(bound, zone=zone), instant_ar(bound, zone=zone)
    if met:
        tail_fr, tail_ar = f"avant l'échéance, {bound_fr}", f"قبل انصرام الأجل المحدد في {bound_ar}"
    elif early:
        tail_fr = f"avant l'ouverture de l'appel, {bound_fr}"
        tail_ar = f"قبل افتتاح طلب المشاريع، المحدد في {bound_ar}"
    else:
        bound_fr = bound_fr.removeprefix("le ")
        tail_fr = f"à l'échéance ou après : elle était fixée au {bound_fr}, heure non comprise"
        tail_ar = f"عند انصرام الأجل أو بعده: وقد حُدد الأجل في {bound_ar}، والساعة المذكورة غير مشمولة"
    return line_finding(
        EligibilityLine.ON_TIME,
        Finding.MET if met else Finding.NOT_MET,
        source,
        facts={
            "submitted_at": submitted_at.isoformat(),
            "opens_at": opens_at.isoformat(),
            "closes_at": closes_at.isoformat(),
            "zone": zone,
        },
        reasons=(f"Le dossier a été déposé {deposit_fr}, {tail_fr}.", f"أُودع الملف {deposit_ar}، {tail_ar}."),
    )


@dataclass(frozen=True, slots=True)
class RequiredPiece:
    """A piece that the call asks for, on the tracks named."""

    code: str
    name_fr: str
    name_ar: str = ""
    tracks: frozenset[Track] = frozenset(Track)
    is_mandatory: bool = True


@dataclass(frozen=True, slots=True)
class PresentPiece:
    """A file of the dossier; `is_readable` is None when nobody and nothing has told."""

    code: str
    is_readable: bool | None = True


def asked_pieces(required: Iterable[RequiredPiece], *, track: Track | None) -> tuple[RequiredPiece, ...]:
    """The mandatory pieces of a track; of both while the track is not chosen, only what both ask."""
    tracks = {track} if track else set(Track)
    return tuple(piece for piece in required if piece.is_mandatory and tracks <= piece.tracks)


def pieces_present(
    required: Collection[RequiredPiece],
    present: Collection[PresentPiece],
    *,
    track: Track,
    source: RuleSource,
) -> LineFinding:
    """Every mandatory piece of the track has a readable file; a file not known to be readable is to verify."""
    asked = asked_pieces(required, track=track)
    missing = [piece for piece in asked if not _files(piece, present)]
    unreadable = [piece for piece in asked if _all_are(piece, present, {False})]
    doubtful = [
        piece for piece in asked if piece not in unreadable and _all_are(piece, present, {False, None})
    ]
    parts_fr, parts_ar = [], []
    for pieces, what_fr, what_ar in (
        (missing, "Pièces obligatoires absentes", "وثائق إلزامية غير مدلى بها"),
        (unreadable, "Pièces illisibles", "وثائق غير مقروءة"),
        (doubtful, "Pièces dont la lisibilité est à vérifier", "وثائق يتعين التحقق من قابليتها للقراءة"),
    ):
        if pieces:
            parts_fr.append(f"{what_fr} : {list_fr([piece.name_fr for piece in pieces])}.")
            parts_ar.append(f"{what_ar}: {list_ar([piece.name_ar or piece.name_fr for piece in pieces])}.")
    if not parts_fr:
        count = counted_fr(len(asked), "pièce obligatoire est présente", "pièces obligatoires sont présentes")
        parts_fr.append(
            f"{count} et lisible{'s' if len(asked) > 1 else ''}." if asked else "Aucune pièce exigée."
        )
        parts_ar.append(
            f"جميع الوثائق الإلزامية (وعددها {len(asked)}) مدلى بها ومقروءة."
            if asked
            else "لا تُشترط أي وثيقة."
        )
    finding = Finding.NOT_MET if missing or unreadable else Finding.TO_VERIFY if doubtful else Finding.MET
    return line_finding(
        EligibilityLine.PIECES_PRESENT,
        finding,
        source,
        facts={
            "track": track.value,
            "asked": [piece.code for piece in asked],
            "missing": [piece.code for piece in missing],
            "unreadable": [piece.code for piece in unreadable],
            "doubtful": [piece.code for piece in doubtful],
        },
        reasons=(" ".join(parts_fr), " ".join(parts_ar)),
    )


def _files(piece: RequiredPiece, present: Collection[PresentPiece]) -> list[PresentPiece]:
    return [file for file in present if file.code == piece.code]


def _all_are(piece: RequiredPiece, present: Collection[PresentPiece], readable: set[bool | None]) -> bool:
    files = _files(piece, present)
    return bool(files) and all(file.is_readable in readable for file in files)


_TRACK_FINDINGS = {
    (Track.EXISTING, SupportFinding.MET): Finding.MET,
    (Track.EXISTING, SupportFinding.NOT_MET): Finding.NOT_MET,
    (Track.EXISTING, SupportFinding.NOT_APPLICABLE): Finding.NOT_MET,
    (Track.NEW, SupportFinding.MET): Finding.NOT_MET,
    (Track.NEW, SupportFinding.NOT_MET): Finding.NOT_MET,
    (Track.NEW, SupportFinding.NOT_APPLICABLE): Finding.MET,
}

_TRACK_TAILS = {
    (Track.EXISTING, SupportFinding.NOT_APPLICABLE): (
        "Le dossier est déposé dans la voie « cluster existant », qui suppose une labellisation antérieure.",
        "وقد أُودع الملف ضمن مسار «تجمع قائم» الذي يفترض الحصول على العلامة سابقا.",
    ),
    (Track.NEW, SupportFinding.MET): (
        "Le dossier est déposé dans la voie « nouveau cluster », réservée aux clusters jamais labellisés.",
        "وقد أُودع الملف ضمن مسار «تجمع جديد» المخصص للتجمعات التي لم يسبق لها الحصول على العلامة.",
    ),
}

_NO_CLUSTER = (
    "Le dossier est déposé dans la voie « cluster existant » sans désigner de cluster du registre : à vérifier.",
    "أُودع الملف ضمن مسار «تجمع قائم» دون تحديد تجمع في السجل: ويتعين التحقق من الدعم السابق.",
)

_NEW_FR = (
    "Le dossier est déposé dans la voie « nouveau cluster » et aucun cluster labellisé du registre ne lui est "
    "rattaché : au sens de l'appel, le cluster est nouveau, quelle que soit son ancienneté."
)
_NEW_AR = (
    "أُودع الملف ضمن مسار «تجمع جديد» ولا يرتبط به أي تجمع حاصل على العلامة في السجل: "
    "فالتجمع جديد بمفهوم طلب المشاريع، مهما كان تاريخ إحداثه."
)


def support_years_line(answer: SupportAnswer | None, *, track: Track, source: RuleSource) -> LineFinding:
    """The 8-year rule as the dossier's track reads it.

    `answer` is None when the dossier names no cluster of the register. What is to verify is so on either track.
    """
    line = EligibilityLine.SUPPORT_YEARS
    if answer is None and track == Track.EXISTING:
        facts = {"track": track.value, "cluster_named": False}
        return line_finding(line, Finding.TO_VERIFY, source, facts=facts, reasons=_NO_CLUSTER)
    if answer is None:
        facts = {"track": track.value, "cluster_named": False}
        return line_finding(line, Finding.MET, source, facts=facts, reasons=(_NEW_FR, _NEW_AR))
    finding = _TRACK_FINDINGS.get((track, answer.finding), Finding.TO_VERIFY)
    tail_fr, tail_ar = _TRACK_TAILS.get((track, answer.finding), ("", ""))
    return line_finding(
        line,
        finding,
        source,
        facts={"track": track.value, "cluster_named": True, **answer.facts()},
        reasons=(
            f"{reason_fr(answer)} {tail_fr}".strip(),
            f"{reason_ar(answer)} {tail_ar}".strip(),
        ),
        rests_on_unconfirmed=answer.rests_on_unconfirmed,
    )
