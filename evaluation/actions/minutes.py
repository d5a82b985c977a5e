"""The minutes of a signed deliberation: rendered once by a worker, stored, never rendered again."""

from datetime import datetime
from typing import Any

from clusters_portal import formats, storage
from clusters_portal.pdf import render_template_pdf
from evaluation.actions.deliberation import departures_of, outcome_of
from evaluation.domain.decisions import Departure
from evaluation.enums import DeclarationKind, EvaluationStatus, JuryRole, LinkRuling, Outcome, RankStatus
from evaluation.models import ConflictDeclaration, Deliberation, Evaluation
from evaluation.queries.ranking import RankingFacts, RankingLine, ranking_facts

# The document speaks both languages at once, so its words are pairs and not translations of one page.
ROLES = {
    JuryRole.CHAIR: ("Président", "رئيس اللجنة"),
    JuryRole.JUROR: ("Membre", "عضو"),
    JuryRole.SUBSTITUTE: ("Suppléant", "نائب"),
}
TIES = {
    "conflict": ("Conflit d'intérêts, récusé", "تضارب مصالح، مع التنحي"),
    "recuse": ("Lien, récusé", "صلة، مع التنحي"),
    "keep": ("Lien, maintenu", "صلة، مع الإبقاء"),
    "waiting": ("Lien", "صلة"),
}
OUTCOMES = {
    Outcome.LABELLED: ("Labellisé", "منح العلامة"),
    Outcome.RESERVE: ("Liste de réserve", "لائحة الانتظار"),
    Outcome.NOT_SELECTED: ("Non retenu", "غير منتقى"),
}
STATUSES = {
    RankStatus.ABOVE_THRESHOLD: ("Seuils atteints", "بلغ العتبات"),
    RankStatus.BELOW_THRESHOLD: ("Sous les seuils", "دون العتبات"),
    RankStatus.NOT_RANKABLE: ("Non classable", "غير قابل للترتيب"),
}
DEPARTURES = {
    Departure.BELOW_THRESHOLD: ("proposé bien que sous les seuils", "مقترح رغم عدم بلوغ العتبات"),
    Departure.NOT_RANKABLE: ("proposé bien que non classable", "مقترح رغم عدم قابليته للترتيب"),
    Departure.BETTER_THAN_PLACE: ("mieux traité que son rang", "نتيجة أفضل من رتبته"),
    Departure.WORSE_THAN_PLACE: ("moins bien traité que son rang", "نتيجة أدنى من رتبته"),
}


def render_minutes(key: str, *, at: datetime) -> None:
    """`key` is the deliberation's id. Does nothing when the minutes exist."""
    deliberation = Deliberation.objects.select_related("call", "signed_by").get(pk=int(key))
    if deliberation.rendered_at is not None or deliberation.signed_at is None:
        return
    pdf = render_template_pdf("pdf/minutes.html", minutes_context(deliberation), "fr")
    stored = storage.put(f"minutes/{deliberation.call_id}/{deliberation.inputs_digest[:16]}.pdf", pdf)
    # A rival worker may have finished meanwhile: the first one to write the row wins, the bytes are the same.
    Deliberation.objects.filter(pk=deliberation.pk, rendered_at__isnull=True).update(
        pdf_key=stored.key, pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=at
    )


def minutes_context(deliberation: Deliberation) -> dict[str, Any]:
    facts = ranking_facts(deliberation.call)
    leaving = departures_of(facts)
    call = deliberation.call
    return {
        "call": call,
        "deliberation": deliberation,
        "held_on": _both_days(deliberation),
        "signed_at": tuple(formats.instant(deliberation.signed_at, language=code) for code in ("fr", "ar")),
        "seats": [(seat, ROLES[seat.role]) for seat in facts.seats if seat.is_seated],
        "ties": _ties(deliberation),
        "absent": _absent(facts),
        "voided_count": Evaluation.objects.filter(
            assignment__juror__call=call, voided_at__isnull=False, status=EvaluationStatus.SENT
        ).count(),
        "grid": facts.rows.grid,
        "criteria": [criterion for criterion, _subs in facts.rows.criteria],
        "lines": [_line(line, facts, leaving) for line in facts.lines()],
    }


def _both_days(deliberation: Deliberation) -> tuple[str, ...]:
    return tuple(formats.day(deliberation.held_on, language=code) for code in ("fr", "ar"))


def _ties(deliberation: Deliberation) -> list[dict[str, Any]]:
    declared = (
        ConflictDeclaration.objects.filter(juror__call=deliberation.call)
        .exclude(kind=DeclarationKind.NONE)
        .select_related("juror__user", "application", "ruled_by")
        .order_by("application__name", "juror__user__full_name", "pk")
    )
    return [{"declaration": declaration, "words": TIES[_tie_code(declaration)]} for declaration in declared]


def _tie_code(declaration: ConflictDeclaration) -> str:
    if declaration.kind == DeclarationKind.CONFLICT:
        return "conflict"
    if declaration.ruling == LinkRuling.RECUSE:
        return "recuse"
    return "keep" if declaration.ruling == LinkRuling.KEEP else "waiting"


def _absent(facts: RankingFacts) -> list[tuple[str, str]]:
    """(juror, dossier) of the sheets that were expected and did not come."""
    names = {str(seat.pk): seat.name for seat in facts.seats}
    return [
        (names[sheet.juror], facts.by_dossier[one.dossier].name)
        for one in facts.dossiers
        for sheet in one.sheets
        if not any(mark is not None for mark in sheet.marks.values())
    ]


def _line(line: RankingLine, facts: RankingFacts, leaving: dict) -> dict[str, Any]:
    told = outcome_of(line.application)
    consensus = {entry["criterion"]: entry for entry in facts.consensus_entries(line.application)}
    departure = leaving.get(str(line.application.pk))
    return {
        "line": line,
        "status": STATUSES[line.status],
        "told": told,
        "outcome": OUTCOMES[Outcome(told["outcome"])] if told else ("", ""),
        "departure": DEPARTURES[departure] if departure else None,
        "consensus": [(cell, consensus[cell.code]) for cell in line.cells if cell.code in consensus],
        "present": [seat.name for seat in facts.present_readers(line.application.pk)],
        "recused": [seat.name for seat in facts.seats if line.application.pk in seat.recused],
    }
