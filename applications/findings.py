"""Rules applied to a sealed submission: the snapshot, the register and the call's settings become findings."""

from applications.domain.eligibility import (
    NOTICE,
    LineFinding,
    PresentPiece,
    RequiredPiece,
    RuleSource,
    on_time,
    pieces_present,
    support_years_line,
)
from applications.domain.membership import MemberRow, MembershipSettings, membership
from applications.domain.support_years import SupportAnswer
from applications.enums import MemberType, SectionCode, Track
from applications.models import Application, Call
from applications.register_facts import (
    judge_cluster,
    labels_not_counting,
    reference_day,
    support_facts_by_code,
)
from clusters_portal import storage


def line_findings(application: Application) -> list[LineFinding]:
    """Every line of the checklist, in order, for the standing submission of the application."""
    call = application.call
    submission = application.standing_submission
    return [
        on_time(
            submitted_at=submission.submitted_at,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
            source=NOTICE,
        ),
        pieces_present(
            required_pieces(call),
            present_pieces(application),
            track=Track(application.track),
            source=RuleSource(call.pieces_article),
        ),
        membership(member_rows(submission.snapshot), settings=membership_settings(call)),
        support_years_line(
            support_answer(application),
            track=Track(application.track),
            source=RuleSource(call.support_article),
        ),
    ]


def required_pieces(call: Call) -> list[RequiredPiece]:
    return [
        RequiredPiece(
            piece.code,
            piece.name_fr,
            piece.name_ar,
            frozenset(Track(track) for track in piece.tracks),
            piece.is_mandatory,
        )
        for piece in call.required_documents.all()
    ]


def present_pieces(application: Application) -> list[PresentPiece]:
    """The sealed files. A file that is no longer where its row says is unreadable."""
    return [
        PresentPiece(sealed.piece_code, storage.exists(sealed.document.storage_key))
        for sealed in application.standing_submission.files.select_related("document")
    ]


def member_rows(snapshot: dict) -> list[MemberRow]:
    rows = snapshot.get("sections", {}).get(SectionCode.MEMBERS.value, {}).get("rows", [])
    return [
        MemberRow(
            row.get("name", ""), MemberType(row["type"]) if row.get("type") else None, row.get("ice", "")
        )
        for row in rows
    ]


def membership_settings(call: Call) -> MembershipSettings:
    return MembershipSettings(
        call.minimum_members,
        call.minimum_firm_percent,
        call.minimum_research_bodies,
        RuleSource(call.membership_article),
    )


def support_answer(application: Application) -> SupportAnswer | None:
    """The 8-year rule for the dossier's cluster; None when it names none, or the call has no reference date."""
    call = application.call
    on = reference_day(call)
    if application.cluster is None or on is None:
        return None
    facts = support_facts_by_code([application.cluster.code])[application.cluster.code]
    return judge_cluster(call, facts, on=on, not_counting=labels_not_counting(call))
