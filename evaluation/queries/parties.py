"""Who is named in a dossier, from its sealed snapshot: what a juror sees before declaring, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from applications.enums import MemberType
from applications.models import Application
from evaluation.domain.conflicts import DossierParties, Hint, JurorIdentity, conflict_hints
from evaluation.models import JuryMember


@dataclass(frozen=True)
class Member:
    name: str
    kind: str


@dataclass(frozen=True)
class Parties:
    """`steering_team`, `leader` and `partners` are as typed by the applicant."""

    applicant: str
    representative: str
    project_leader: str
    email: str
    steering_team: str
    leader: str
    international_partners: str
    project_partners: tuple[str, ...]
    members: tuple[Member, ...]


def parties_of(application: Application) -> Parties:
    """The application must come with its standing submission."""
    sections = application.standing_submission.snapshot.get("sections", {})
    identity, people = _section(sections, "identity"), _section(sections, "representation")
    innovation = _section(sections, "innovation")
    kinds = dict(MemberType.choices)
    return Parties(
        applicant=_text(identity, "name") or application.name,
        representative=_text(people, "representative"),
        project_leader=_text(people, "project_leader"),
        email=_text(people, "email"),
        steering_team=_text(innovation, "steering_team"),
        leader=_text(innovation, "leader"),
        international_partners=_text(_section(sections, "international"), "partners"),
        project_partners=tuple(
            dict.fromkeys(text for row in _rows(innovation) if (text := _text(row, "partners")))
        ),
        members=tuple(
            Member(_text(row, "name"), str(kinds.get(row.get("type"), "")))
            for row in _rows(_section(sections, "members"))
            if _text(row, "name")
        ),
    )


def hints_for(seat: JuryMember, application: Application) -> tuple[Hint, ...]:
    """Likenesses that the juror is asked to look at before declaring."""
    parties = parties_of(application)
    organisations = (parties.applicant, parties.leader, *(member.name for member in parties.members))
    identity = JurorIdentity(
        name=seat.user.full_name,
        email=seat.user.email,
        organisation=seat.organisation or seat.user.organisation,
    )
    return conflict_hints(
        identity,
        DossierParties(
            organisations=tuple(name for name in organisations if name),
            people=tuple(name for name in (parties.representative, parties.project_leader) if name),
            emails=(parties.email,) if parties.email else (),
        ),
    )


def _section(sections: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    found = sections.get(code)
    return found if isinstance(found, Mapping) else {}


def _rows(section: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = section.get("rows")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(section: Mapping[str, Any], key: str) -> str:
    value = section.get(key)
    return value.strip() if isinstance(value, str) else ""
