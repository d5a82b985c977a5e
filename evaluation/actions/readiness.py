"""The readiness check of a draft: what forbids its publication, and what looks wrong."""

from dataclasses import dataclass
from datetime import date, datetime

import holidays
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat
from applications.actions.calls import SECTION_LABELS, announcement_blockers
from applications.domain.call_settings import CallSection, unconfirmed
from applications.enums import CallStatus
from applications.models import Call
from clusters_portal.errors import Blocker
from evaluation.domain.call_readiness import Doubt, Finding, ReadinessFacts, Staff, doubts
from evaluation.domain.grids import GridProblem, GridProblemCode, grid_problems
from evaluation.enums import CriterionCode, JuryRole
from evaluation.models import Criterion, Grid, JuryMember, Subcriterion
from evaluation.queries.grids import GridRows, grid_rows

COUNTRY = "MA"
HOLIDAY_LANGUAGES = {"fr": "fr", "ar": "ar"}

GRID_SENTENCES = {
    GridProblemCode.NO_CRITERION: _("La grille manque."),
    GridProblemCode.CRITERION_TWICE: _("Le critère « %(subject)s » figure deux fois dans la grille."),
    GridProblemCode.WEIGHT_NOT_POSITIVE: _("Le poids du critère « %(subject)s » doit être positif."),
    GridProblemCode.WEIGHTS_NOT_100: _("Les poids des critères font %(subject)s au total, et non 100."),
    GridProblemCode.NO_SUBCRITERION: _("Le critère « %(subject)s » n'a pas de sous-critère."),
    GridProblemCode.TOO_MANY_SUBCRITERIA: _("Le critère « %(subject)s » a plus de quatre sous-critères."),
    GridProblemCode.SUBCRITERION_TWICE: _("Le sous-critère « %(subject)s » figure deux fois."),
    GridProblemCode.SUBWEIGHT_NOT_POSITIVE: _("Le poids du sous-critère « %(subject)s » doit être positif."),
    GridProblemCode.TIE_BREAK_INCOMPLETE: _("Le départage des ex aequo ne cite pas « %(subject)s »."),
    GridProblemCode.TIE_BREAK_UNKNOWN: _("Le départage cite un critère inconnu : « %(subject)s »."),
    GridProblemCode.TIE_BREAK_TWICE: _("Le départage cite deux fois « %(subject)s »."),
    GridProblemCode.CRITERION_THRESHOLD_OFF_SCALE: _("Le seuil par critère doit être compris entre 0 et 5."),
    GridProblemCode.TOTAL_THRESHOLD_OFF_SCALE: _("Le seuil du total doit être compris entre 0 et 100."),
    GridProblemCode.SPREAD_ALERT_OFF_SCALE: _(
        "L'écart qui appelle une discussion doit être compris entre 0 et 5."
    ),
    GridProblemCode.QUORUM_TOO_SMALL: _("Le quorum doit être d'au moins un membre."),
}
DOUBT_SENTENCES = {
    Doubt.DEADLINE_ON_WEEKEND: _("La date limite tombe un samedi ou un dimanche."),
    Doubt.DEADLINE_ON_HOLIDAY: _("La date limite tombe un jour férié : %(detail)s."),
    Doubt.NO_ARABIC_TITLE: _("Le titre en arabe manque."),
    Doubt.NO_ARABIC_TEXT: _("Le texte en arabe manque."),
    Doubt.PIECES_WITHOUT_ARABIC: _("Pièces sans nom en arabe : %(detail)s."),
    Doubt.GRID_WITHOUT_ARABIC: _("Critères et sous-critères sans titre en arabe : %(detail)s."),
    Doubt.ANCHORS_INCOMPLETE: _("Sous-critères dont les repères de notation sont incomplets : %(detail)s."),
    Doubt.UNCONFIRMED_SECTION: _("« %(detail)s » reste tel que le portail l'a proposé, sans confirmation."),
    Doubt.NO_ARTICLE: _(
        "Règles sans article du cahier des charges : %(detail)s. Elles peuvent avertir, jamais écarter un dossier."
    ),
    Doubt.NO_CALL_MANAGER: _(
        "À la date limite, personne ne tiendra le rôle de responsable d'appel pour clore."
    ),
    Doubt.OFFICERS_MISSING: _(
        "L'ouverture des plis demande deux instructeurs ; à la date limite, le portail n'en connaît que : %(detail)s."
    ),
    Doubt.NO_DECISION_MAKER: _("À la date limite, aucun décideur ne pourra signer les décisions."),
    Doubt.NO_ADMINISTRATOR: _("À la date limite, aucun administrateur ne pourra gérer les comptes."),
    Doubt.JURY_BELOW_QUORUM: _("Le jury n'atteint pas le quorum : %(detail)s membres."),
    Doubt.NO_CHAIR: _("Le jury n'a pas de président : personne ne pourra clore la notation."),
    Doubt.JUROR_HOLDS_ROLE: _("Tiennent aussi un rôle au ministère et ne peuvent être jurés : %(detail)s."),
}
NOBODY = _("personne")


@dataclass(frozen=True)
class Doubted:
    """A warning for the page."""

    code: Doubt
    message: str | Promise


@dataclass(frozen=True)
class Readiness:
    """`missing` forbids the publication; `doubts` do not."""

    missing: list[Blocker]
    doubts: list[Doubted]


def readiness(call: Call, *, at: datetime) -> Readiness:
    """The whole check of a draft, for its page. `call` has its deadlines."""
    prefetch_related_objects([call], "required_documents", "sectors")
    rows = grid_rows_with_empty(call)
    return Readiness(
        missing=announcement_blockers(call, at=at) + grid_blockers(rows),
        doubts=[Doubted(found.code, _sentence(found)) for found in doubts(_facts(call, rows, at=at))],
    )


def publication_blockers(call: Call, *, at: datetime) -> list[Blocker]:
    """Every reason why the draft may not be published at `at`; empty means it may."""
    if call.status != CallStatus.DRAFT:
        return [Blocker("already_published", _("Cet appel est déjà publié."))]
    return announcement_blockers(call, at=at) + grid_blockers(grid_rows_with_empty(call))


def grid_blockers(rows: GridRows) -> list[Blocker]:
    names = {criterion.code: criterion.title_fr for criterion, _subs in rows.criteria}
    return [
        Blocker(
            f"grid_{problem.code.value}", GRID_SENTENCES[problem.code] % {"subject": _subject(problem, names)}
        )
        for problem in grid_problems(rows.facts)
    ]


def grid_rows_with_empty(call: Call) -> GridRows:
    """As `grid_rows`, but a criterion without sub-criteria is there too, to be complained of."""
    rows = grid_rows(call.pk)
    if len(rows.criteria) == len(CriterionCode):
        return rows
    grid = rows.grid or Grid.objects.filter(call=call).first()
    if grid is None:
        return rows
    subs = {criterion.pk: found for criterion, found in rows.criteria}
    criteria = Criterion.objects.filter(grid=grid).order_by("position", "pk")
    return GridRows(grid, tuple((criterion, subs.get(criterion.pk, ())) for criterion in criteria))


def _subject(problem: GridProblem, names: dict[str, str]) -> str:
    code, _dot, sub = problem.subject.partition(".")
    name = names.get(code, code)
    return f"{name}, {sub}" if sub else name


def _sentence(finding: Finding) -> str | Promise:
    detail: str | Promise = finding.detail
    if finding.code == Doubt.UNCONFIRMED_SECTION:
        detail = SECTION_LABELS[CallSection(finding.detail)]
    if finding.code == Doubt.OFFICERS_MISSING and not detail:
        detail = NOBODY
    return DOUBT_SENTENCES[finding.code] % {"detail": detail}


def _facts(call: Call, rows: GridRows, *, at: datetime) -> ReadinessFacts:
    deadline = call.deadline_in_force
    closes_on = deadline.wall_on if deadline else None
    pieces = list(call.required_documents.all())
    texts = [*(criterion for criterion, _subs in rows.criteria), *rows.subcriteria]
    articles = (call.membership_article, call.pieces_article, call.support_article)
    return ReadinessFacts(
        title_ar=call.title_ar,
        text_ar=call.text_ar,
        closes_on=closes_on,
        holiday=holiday_name(closes_on) if closes_on else "",
        pieces_without_arabic=sum(not piece.name_ar for piece in pieces),
        grid_texts_without_arabic=sum(not text.title_ar for text in texts),
        subcriteria_without_anchors=sum(not _has_anchors(sub) for sub in rows.subcriteria),
        unconfirmed=tuple(section.value for section in unconfirmed(call.assumed)),
        articles_missing=sum(not article for article in articles),
        quorum=rows.grid.quorum if rows.grid else 1,
        staff=_staff(call, on=closes_on or day_in_rabat(at)),
    )


def _has_anchors(sub: Subcriterion) -> bool:
    return len(sub.anchors) == 6 and all(anchor.get("fr") for anchor in sub.anchors)


def holiday_name(day: date) -> str:
    """The Moroccan public holiday of that day, in the active language; "" when it is none."""
    language = HOLIDAY_LANGUAGES.get((get_language() or "fr")[:2], "fr")
    return str(holidays.country_holidays(COUNTRY, years=[day.year], language=language).get(day) or "")


def _staff(call: Call, *, on: date) -> Staff:
    """One query: everybody who holds a role on that day or sits in the jury."""
    active = RoleGrant.objects.active(on)
    seats = JuryMember.objects.filter(call=call, removed_at__isnull=True)
    people = (
        User.objects.filter(is_active=True)
        .annotate(
            held=ArraySubquery(active.filter(user=OuterRef("pk")).values("role")),
            seat=Subquery(seats.filter(user=OuterRef("pk")).values("role")[:1]),
        )
        .filter(Q(Exists(active.filter(user=OuterRef("pk")))) | Q(Exists(seats.filter(user=OuterRef("pk")))))
        .order_by("full_name", "pk")
        .values_list("full_name", "held", "seat")
    )
    rows = list(people)

    def holding(role: Role) -> tuple[str, ...]:
        return tuple(name for name, held, _seat in rows if role.value in held)

    return Staff(
        call_managers=holding(Role.CALL_MANAGER),
        case_officers=holding(Role.CASE_OFFICER),
        decision_makers=holding(Role.DECISION_MAKER),
        administrators=holding(Role.ADMINISTRATOR),
        chair=next((name for name, _held, seat in rows if seat == JuryRole.CHAIR), ""),
        jurors=tuple(name for name, _held, seat in rows if seat in (JuryRole.CHAIR, JuryRole.JUROR)),
        jurors_with_a_role=tuple(name for name, held, seat in rows if seat and held),
    )
