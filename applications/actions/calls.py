"""Writing, announcing, opening and cancelling calls. What is published is frozen: only a draft is edited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.notices import notify
from applications.actions.transitions import advance_call
from applications.domain.call_settings import DEFAULT_PIECES, CallSection, PieceFacts, confirmed
from applications.domain.deadlines import local_day
from applications.enums import CallPhase, CallStatus, SupportReference
from applications.models import Call, RequiredDocument, Sector, TeamMember
from clusters_portal.errors import Blocker, Refused

COPIED_FIELDS = (
    "title_fr",
    "title_ar",
    "text_fr",
    "text_ar",
    "contact_email",
    "tracks",
    "minimum_members",
    "minimum_firm_percent",
    "minimum_research_bodies",
    "membership_article",
    "pieces_article",
    "support_article",
    "support_years",
    "support_count",
    "support_reference",
    "support_reference_on",
    "maximum_files",
    "maximum_total_bytes",
)
EDITED_FIELDS: Mapping[CallSection, frozenset[str]] = {
    CallSection.TEXTS: frozenset({"title_fr", "title_ar", "text_fr", "text_ar", "contact_email"}),
    CallSection.SCOPE: frozenset(
        {
            "tracks",
            "minimum_members",
            "minimum_firm_percent",
            "minimum_research_bodies",
            "membership_article",
            "pieces_article",
            "maximum_files",
            "maximum_total_bytes",
        }
    ),
    CallSection.SUPPORT: frozenset(
        {"support_years", "support_count", "support_reference", "support_reference_on", "support_article"}
    ),
}
KEPT_LENGTH = 200
SECTION_LABELS = {
    CallSection.TEXTS: _("Textes"),
    CallSection.DATES: _("Date limite"),
    CallSection.SCOPE: _("Périmètre et seuils"),
    CallSection.SUPPORT: _("Règle des 8 ans"),
    CallSection.PIECES: _("Pièces"),
    CallSection.GRID: _("Grille"),
}


@transaction.atomic
def create_call(
    *,
    code: str,
    year: int,
    title_fr: str,
    by: User,
    at: datetime,
    title_ar: str = "",
    source: Call | None = None,
    is_demonstration: bool = False,
) -> Call:
    """A draft, as a copy of `source` when there is one. What no source states is proposed and marked so."""
    if Call.objects.filter(code__iexact=code).exists():
        raise Refused([Blocker("code_taken", _("Un appel porte déjà ce code."), "id_code")])
    values = {name: getattr(source, name) for name in COPIED_FIELDS} if source else {}
    # Whatever an earlier edition chose, the 8-year count is chosen anew, with the register before one's eyes.
    values |= {"support_count": "", "support_reference": "", "support_reference_on": None}
    values |= {"title_fr": title_fr, "title_ar": title_ar, "code": code, "year": year}
    call = Call.objects.create(
        **values,
        status=CallStatus.DRAFT,
        is_demonstration=is_demonstration,
        copied_from=source,
        created_by=by,
        created_at=at,
        assumed=[CallSection.SUPPORT.value],
    )
    proposed = [CallSection.SUPPORT, *_copy_scope(call, source), *_copy_pieces(call, source)]
    call.assumed = [section.value for section in CallSection if section in proposed]
    call.save(update_fields=["assumed"])
    detail = {"source": source.code if source else ""}
    audit.record("call.created", by=by, at=at, subject=call, call_code=call.code, detail=detail)
    return call


def _copy_scope(call: Call, source: Call | None) -> list[CallSection]:
    sectors = list(source.sectors.all()) if source else []
    call.sectors.set(sectors or Sector.objects.all())
    confirmed_before = source is not None and not source.is_historical and bool(sectors)
    return [] if confirmed_before else [CallSection.SCOPE]


def _copy_pieces(call: Call, source: Call | None) -> list[CallSection]:
    """The pieces of the earlier edition; the portal's own proposal where that edition listed none here."""
    earlier = list(source.required_documents.all()) if source else []
    if earlier:
        for piece in earlier:
            piece.pk, piece.call = None, call
            piece._state.adding = True
        RequiredDocument.objects.bulk_create(earlier)
        return []
    _write_pieces(call, DEFAULT_PIECES)
    return [CallSection.PIECES]


@transaction.atomic
def update_section(
    call: Call,
    section: CallSection,
    *,
    version: int,
    changes: Mapping[str, Any],
    by: User,
    at: datetime,
    sectors: Iterable[Sector] | None = None,
) -> Call:
    """Write the fields of one section of a draft; saving a section confirms what the portal proposed there.

    `version` is the one that the editor read.
    Raises `Refused`: `call_frozen`, `edited_meanwhile`, `reference_day_missing`.
    """
    locked = lock_draft(call, version=version)
    unknown = set(changes) - EDITED_FIELDS[section]
    if unknown:
        raise ValueError(f"{sorted(unknown)} are not fields of {section}")
    before = {name: _shown(getattr(locked, name)) for name in changes}
    for name, value in changes.items():
        setattr(locked, name, value)
    if locked.support_reference == SupportReference.FIXED and locked.support_reference_on is None:
        message = _("Indiquez le jour fixé auquel se lit l'ancienneté du soutien.")
        raise Refused([Blocker("reference_day_missing", message, "id_support_reference_on")])
    touch(locked, section)
    locked.save()
    if sectors is not None:
        locked.sectors.set(sectors)
    changed = {
        name: [before[name], _shown(value)]
        for name, value in changes.items()
        if before[name] != _shown(value)
    }
    record_edit(locked, section, by=by, at=at, changes=changed)
    return locked


@transaction.atomic
def replace_pieces(call: Call, pieces: Sequence[PieceFacts], *, version: int, by: User, at: datetime) -> Call:
    """The whole list of pieces of a draft, in this order. Raises `Refused`: also `no_piece`, `piece_twice`."""
    locked = lock_draft(call, version=version)
    codes = [piece.code for piece in pieces]
    if not codes:
        raise Refused([Blocker("no_piece", _("Un appel demande au moins une pièce."))])
    if len(set(codes)) != len(codes):
        raise Refused(
            [Blocker("piece_twice", _("Deux pièces portent le même code : donnez un code à chacune."))]
        )
    locked.required_documents.all().delete()
    _write_pieces(locked, pieces)
    touch(locked, CallSection.PIECES)
    locked.save()
    record_edit(locked, CallSection.PIECES, by=by, at=at, changes={"codes": codes})
    return locked


def _write_pieces(call: Call, pieces: Sequence[PieceFacts]) -> None:
    RequiredDocument.objects.bulk_create(
        RequiredDocument(
            call=call,
            position=position,
            **asdict(piece) | {"tracks": list(piece.tracks), "formats": list(piece.formats)},
        )
        for position, piece in enumerate(pieces, start=1)
    )


def lock_draft(call: Call, *, version: int) -> Call:
    """The locked row of a draft that nobody edited since `version`; the caller is in a transaction."""
    locked = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if locked.status != CallStatus.DRAFT:
        message = _("Cet appel est publié : ses règles sont figées et ne se modifient plus.")
        raise Refused([Blocker("call_frozen", message)])
    if locked.version != version:
        message = _(
            "Une autre personne a modifié cet appel entre-temps : votre saisie est affichée, "
            "ouvrez l'appel dans un autre onglet pour comparer, puis enregistrez de nouveau."
        )
        raise Refused([Blocker("edited_meanwhile", message)])
    return locked


def touch(call: Call, section: CallSection) -> None:
    """A person has saved the section: the next editor must have read this version."""
    call.assumed = confirmed(call.assumed, section)
    call.version += 1


def record_edit(
    call: Call, section: CallSection, *, by: User, at: datetime, changes: Mapping[str, Any]
) -> None:
    detail = {"section": section.value, "version": call.version, "changes": dict(changes)}
    audit.record("call.edited", by=by, at=at, subject=call, call_code=call.code, detail=detail)


def _shown(value: Any) -> Any:
    """A value as the trail keeps it: JSON, long texts cut."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    text = str(value)
    return text if len(text) <= KEPT_LENGTH else f"{text[:KEPT_LENGTH]}… ({len(text)})"


def announcement_blockers(call: Call, *, at: datetime) -> list[Blocker]:
    """What a call cannot be published without, as far as this app knows it."""
    closes_at = call.closes_at
    absent = (
        ("title_missing", not call.title_fr.strip(), _("Le titre en français manque.")),
        ("text_missing", not call.text_fr.strip(), _("Le texte en français manque.")),
        ("contact_missing", not call.contact_email, _("L'adresse de contact manque.")),
        ("deadline_missing", closes_at is None, _("La date limite manque.")),
        (
            "deadline_passed",
            closes_at is not None and closes_at <= at,
            _("La date limite est déjà passée : choisissez-en une autre."),
        ),
        (
            "tracks_missing",
            not call.tracks,
            _("Aucune voie n'est ouverte : nouveau cluster, cluster existant."),
        ),
        ("sectors_missing", not call.sectors.exists(), _("Aucun secteur n'est retenu.")),
        ("pieces_missing", not call.required_documents.exists(), _("Aucune pièce n'est demandée.")),
        (
            "support_count_missing",
            not (call.support_count and call.support_reference),
            _("Le décompte des 8 ans et sa date de référence restent à choisir, au vu du registre."),
        ),
    )
    return [Blocker(code, message) for code, is_absent, message in absent if is_absent]


@transaction.atomic
def announce_call(call: Call, *, by: User, at: datetime, opens_at: datetime | None) -> Call:
    """DRAFT → ANNOUNCED. `opens_at` None leaves the opening for later; `at` itself opens the call now.

    The evaluation app publishes through its own `publish_call`, which also looks at the grid.
    """
    locked = Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
    if locked.status != CallStatus.DRAFT:
        raise Refused([Blocker("already_published", _("Cet appel est déjà publié."))])
    blockers = announcement_blockers(locked, at=at)
    blockers += _opening_problems(locked, opens_at, at=at) if opens_at else []
    if blockers:
        raise Refused(blockers)
    _set_opening(locked, opens_at)
    detail = {"opens_at": opens_at.isoformat() if opens_at else None}
    return advance_call(locked, CallStatus.ANNOUNCED, by=by, at=at, detail=detail)


@transaction.atomic
def launch_call(call: Call, *, opens_at: datetime, by: User, at: datetime) -> Call:
    """Open an announced call now (`opens_at=at`), or set the instant at which it opens by itself.

    Raises `Refused`: `not_announced`, `already_open`, `opening_passed`, `opening_after_deadline`.
    """
    locked = Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
    if locked.status != CallStatus.ANNOUNCED:
        raise Refused([Blocker("not_announced", _("Seul un appel publié et non clos s'ouvre."))])
    if locked.phase(at=at) != CallPhase.ANNOUNCED:
        raise Refused([Blocker("already_open", _("Cet appel est déjà ouvert."))])
    problems = _opening_problems(locked, opens_at, at=at)
    if problems:
        raise Refused(problems)
    before = locked.opens_at.isoformat() if locked.opens_at else None
    _set_opening(locked, opens_at)
    detail = {"before": before, "opens_at": opens_at.isoformat()}
    audit.record("call.launched", by=by, at=at, subject=locked, call_code=locked.code, detail=detail)
    return locked


def _opening_problems(call: Call, opens_at: datetime, *, at: datetime) -> list[Blocker]:
    if opens_at < at:
        message = _(
            "L'instant d'ouverture est déjà passé : ouvrez maintenant ou choisissez un instant à venir."
        )
        return [Blocker("opening_passed", message, "id_opens_on")]
    if call.closes_at is not None and opens_at >= call.closes_at:
        message = _("L'ouverture doit précéder la date limite.")
        return [Blocker("opening_after_deadline", message, "id_opens_on")]
    return []


def _set_opening(call: Call, opens_at: datetime | None) -> None:
    call.opens_at = opens_at
    call.opened_on = local_day(opens_at) if opens_at else None
    call.save(update_fields=["opens_at", "opened_on"])


@transaction.atomic
def cancel_call(call: Call, *, reason: str, by: User, at: datetime) -> Call:
    """Cancel a call, with the reason that is published and sent to every team. Raises `Refused`: `reason_required`."""
    if not reason.strip():
        raise Refused([Blocker("reason_required", _("Donnez le motif de l'annulation."), "id_reason")])
    cancelled = advance_call(call, CallStatus.CANCELLED, by=by, at=at, detail={"reason": reason.strip()})
    params = {"code": cancelled.code, "title_fr": cancelled.title_fr, "title_ar": cancelled.title_ar}
    notify_teams(
        "call_cancelled", cancelled, at=at, params=params | {"reason": reason.strip()}, key=cancelled.code
    )
    return cancelled


def notify_teams(kind: str, call: Call, *, at: datetime, params: dict[str, Any], key: str) -> None:
    """Tell every member of every team of the call: drafts, deposits and withdrawn dossiers alike."""
    seats = TeamMember.objects.filter(application__call=call).select_related("user")
    people = {seat.user_id: seat.user for seat in seats}
    notify(kind, people.values(), at=at, params=params, url=public_address(call), key=key)


def public_address(call: Call) -> str:
    return reverse("evaluation:public-call", args=[call.code])
