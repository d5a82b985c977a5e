"""Declarations of interests: what a juror says of each dossier, and what the chair makes of a link."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.models import User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.assignments import assign_when_all_read
from evaluation.domain.conflicts import (
    Declaration,
    DeclarationProblem,
    RulingProblem,
    declaration_problems,
    ruling_problems,
)
from evaluation.enums import DeclarationKind, JuryRole, LinkRuling
from evaluation.models import ConflictDeclaration, Deliberation, Evaluation, JuryMember
from evaluation.permissions.jury import chair_stands_back, is_manager


@transaction.atomic
def declare(
    seat: JuryMember, application: Application, kind: DeclarationKind, *, reason: str, by: User, at: datetime
) -> ConflictDeclaration:
    """Record what the juror declares; a conflict recuses at once and sets the juror's sheet aside.

    "None" where the call is small enough for every juror to read every dossier also assigns it. Raises `Refused`.
    """
    seat, application = _lock(seat, application)
    reason = reason.strip()
    declaration = ConflictDeclaration.objects.filter(juror=seat, application=application).first()
    before = _facts(declaration) if declaration else None
    if blockers := _declaration_blockers(application, before=before, kind=kind, reason=reason):
        raise Refused(blockers)
    if declaration is None:
        declaration = ConflictDeclaration(juror=seat, application=application)
    declaration.kind, declaration.reason, declaration.declared_at = kind, reason, at
    declaration.ruling, declaration.ruling_reason = "", ""
    declaration.ruled_by = declaration.ruled_at = None
    declaration.save()
    if kind == DeclarationKind.NONE:
        assign_when_all_read(seat, application, by=by, at=at)
    voided = kind == DeclarationKind.CONFLICT and _void_sheet(declaration, reason=reason, at=at)
    audit.record(
        "declaration.made",
        by=by,
        at=at,
        subject=declaration,
        call_code=application.call.code,
        detail={
            "application": str(application.pk),
            "kind": DeclarationKind(kind).value,
            "before": str(before.kind) if before else "",
            "reason": reason,
            "sheet_voided": voided,
        },
    )
    if kind == DeclarationKind.LINK:
        _tell_who_rules(declaration, at=at)
    return declaration


@transaction.atomic
def rule_on_link(
    declaration: ConflictDeclaration, ruling: LinkRuling, *, reason: str, by: User, at: datetime
) -> ConflictDeclaration:
    """Keep or recuse a juror who declared a link, with the reason that the minutes print. Raises `Refused`."""
    seat, application = _lock(declaration.juror, declaration.application)
    declaration = ConflictDeclaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    reason = reason.strip()
    if blockers := _ruling_blockers(declaration, seat, reason, by=by, at=at):
        raise Refused(blockers)
    declaration.ruling, declaration.ruling_reason = ruling, reason
    declaration.ruled_by, declaration.ruled_at = by, at
    declaration.save()
    voided = False
    if ruling == LinkRuling.KEEP:
        assign_when_all_read(seat, application, by=by, at=at)
    else:
        voided = _void_sheet(declaration, reason=reason, at=at)
    audit.record(
        "declaration.ruled",
        by=by,
        at=at,
        subject=declaration,
        call_code=application.call.code,
        detail={
            "application": str(application.pk),
            "juror": str(seat.user_id),
            "ruling": LinkRuling(ruling).value,
            "reason": reason,
            "sheet_voided": voided,
        },
    )
    notices.notify(
        "jury_link_ruled",
        [seat.user],
        at=at,
        params={"call": application.call.code, "kept": ruling == LinkRuling.KEEP},
        url="/jury/",
        key=f"{declaration.pk}:{at.isoformat()}",
    )
    return declaration


def _lock(seat: JuryMember, application: Application) -> tuple[JuryMember, Application]:
    """The seat first, then the dossier; both must belong to a call whose jury is at work."""
    seat = (
        JuryMember.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=seat.pk)
    )
    application = (
        Application.objects.select_related("call")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=application.pk)
    )
    # Shared: a signature under way is waited for, and waits in its turn for the declaration.
    signed = Deliberation.objects.raw(
        "SELECT * FROM evaluation_deliberation WHERE call_id = %s FOR SHARE", [application.call_id]
    )
    blockers = []
    if seat.removed_at is not None or seat.call_id != application.call_id:
        blockers.append(Blocker("not_seated", _("Vous ne siégez pas au jury de cet appel.")))
    if (
        application.call.status not in (CallStatus.EVALUATION, CallStatus.DELIBERATION)
        or application.status != ApplicationStatus.IN_EVALUATION
        or any(deliberation.signed_at is not None for deliberation in signed)
    ):
        blockers.append(Blocker("jury_not_at_work", _("Ce dossier n'est pas devant le jury en ce moment.")))
    if blockers:
        raise Refused(blockers)
    return seat, application


def _facts(declaration: ConflictDeclaration) -> Declaration:
    return Declaration(
        juror=str(declaration.juror_id),
        dossier=str(declaration.application_id),
        kind=DeclarationKind(declaration.kind),
        reason=declaration.reason,
        ruling=declaration.ruling,
    )


def _declaration_blockers(
    application: Application, *, before: Declaration | None, kind: DeclarationKind, reason: str
) -> list[Blocker]:
    messages = {
        DeclarationProblem.REASON_MISSING: _("Expliquez le lien ou le conflit en une phrase."),
        DeclarationProblem.CONFLICT_IS_FINAL: _("Un conflit déclaré ne se retire pas."),
        DeclarationProblem.ALREADY_RULED: _(
            "Ce lien est déjà tranché : il ne peut plus devenir qu'un conflit."
        ),
    }
    anchor = f"dossier-{application.pk}"
    blockers = [
        Blocker(problem.value, messages[problem], anchor)
        for problem in declaration_problems(kind, reason, previous=before)
    ]
    if before is None and application.call.status != CallStatus.EVALUATION:
        blockers.append(Blocker("round_closed", _("Le tour de notation est clos."), anchor))
    return blockers


def _ruling_blockers(
    declaration: ConflictDeclaration, seat: JuryMember, reason: str, *, by: User, at: datetime
) -> list[Blocker]:
    messages = {
        RulingProblem.NOT_A_LINK: _("Cette déclaration n'attend pas de décision."),
        RulingProblem.ALREADY_RULED: _("Ce lien est déjà tranché."),
        RulingProblem.REASON_MISSING: _("Écrivez le motif : le procès-verbal le reprend."),
        RulingProblem.OWN_LINK: _("Nul ne statue sur son propre lien."),
        RulingProblem.NOT_THE_CHAIR: _("C'est au président du jury de statuer sur ce lien."),
        RulingProblem.CHAIR_LINK_GOES_TO_MANAGER: _(
            "Le lien du président est tranché par le responsable de l'appel."
        ),
    }
    by_manager = is_manager(by, at=at)
    stands_back = chair_stands_back(declaration)
    by_chair = JuryMember.objects.seated().filter(call=seat.call_id, user=by, role=JuryRole.CHAIR).exists()
    problems = ruling_problems(
        _facts(declaration),
        reason,
        juror_role=JuryRole(seat.role),
        is_own=by.pk == seat.user_id,
        by_chair=by_manager if stands_back else by_chair,
        by_call_manager=by_manager,
    )
    return [Blocker(problem.value, messages[problem], "id_reason") for problem in problems]


def _void_sheet(declaration: ConflictDeclaration, *, reason: str, at: datetime) -> bool:
    """Set the juror's sheet aside, marks kept; False when there was none."""
    sheet = (
        Evaluation.objects.select_for_update(of=("self",))
        .filter(
            assignment__juror_id=declaration.juror_id,
            assignment__application_id=declaration.application_id,
            voided_at__isnull=True,
        )
        .first()
    )
    if sheet is None:
        return False
    sheet.voided_at, sheet.void_reason = at, reason
    sheet.save(update_fields=["voided_at", "void_reason"])
    return True


def _tell_who_rules(declaration: ConflictDeclaration, *, at: datetime) -> None:
    """The chair of the call; the chair's own links are on the call manager's page, where a count shows them."""
    call: Call = declaration.application.call
    chair = (
        JuryMember.objects.seated()
        .filter(call=call, role=JuryRole.CHAIR)
        .exclude(pk=declaration.juror_id)
        .select_related("user")
        .first()
    )
    if chair is not None:
        notices.notify(
            "jury_link_declared",
            [chair.user],
            at=at,
            params={"call": call.code},
            url=f"/jury/{call.code}/liens/",
            key=f"{declaration.pk}:{at.isoformat()}",
        )
