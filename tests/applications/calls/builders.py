"""Small builders of calls and people for the tests of calls. Every instant is given by the test."""

from datetime import UTC, date, datetime, time, timedelta

from accounts.enums import Role
from accounts.models import RoleGrant, User
from applications.actions.calls import update_section
from applications.actions.deadlines import set_first_deadline
from applications.actions.reference import load_reference_data
from applications.domain.call_settings import CallSection
from applications.enums import ApplicationStatus, TeamRole
from applications.models import Application, Call, Sector, Submission, TeamMember
from clusters_portal import clock
from evaluation.actions.calls import create_call_from, publish_call

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLOSES_ON, CLOSES_TIME = date(2026, 11, 27), time(15)
CLOSES_AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
PASSWORD = "Cle-de-demonstration-42"


def person(name: str, *roles: Role, active: bool = True) -> User:
    user = User.objects.create_user(
        f"{name}@demo.example", PASSWORD, full_name=f"Personne {name.title()}", is_active=active
    )
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, starts_on=date(2020, 1, 1), granted_at=AT)
    return user


def manager(name: str = "responsable") -> User:
    return person(name, Role.CALL_MANAGER)


def reference() -> None:
    load_reference_data(at=AT)


def draft(by: User, *, code: str = "AAP-DEMO-2026", source: Call | None = None, at: datetime = AT) -> Call:
    """A draft with nothing but its title, the portal's proposals, and one sector."""
    Sector.objects.get_or_create(code="tic", defaults={"name_fr": "TIC"})
    return create_call_from(
        source, code=code, year=2026, title_fr="Appel de démonstration", is_demonstration=True, by=by, at=at
    )


def complete(call: Call, by: User, *, at: datetime = AT) -> Call:
    """Everything that a publication needs."""
    call = update_section(
        call,
        CallSection.TEXTS,
        version=Call.objects.get(pk=call.pk).version,
        changes={"text_fr": "Texte de l'appel.", "contact_email": "clusters@demo.example"},
        by=by,
        at=at,
    )
    call = update_section(
        call,
        CallSection.SUPPORT,
        version=call.version,
        changes={"support_count": "since_first_label", "support_reference": "first_deadline"},
        by=by,
        at=at,
    )
    set_first_deadline(call, wall_on=CLOSES_ON, wall_time=CLOSES_TIME, version=call.version, by=by, at=at)
    return fresh(call)


def ready(by: User, **options) -> Call:
    return complete(draft(by, **options), by)


def announced(by: User, **options) -> Call:
    """Published, its opening left for later."""
    return fresh(publish_call(ready(by, **options), by=by, at=AT, opens_at=None))


def opened(by: User, **options) -> Call:
    """Published and open since AT."""
    return fresh(publish_call(ready(by, **options), by=by, at=AT, opens_at=AT))


def fresh(call: Call) -> Call:
    return Call.objects.with_deadlines().get(pk=call.pk)


def dossier(
    call: Call, owner: User, *, submitted_at: datetime | None = None, number: str = "D-1"
) -> Application:
    """A draft dossier with its owner; deposited when an instant is given."""
    application = Application.objects.create(
        call=call, name="Cluster Démonstration Atlas", created_by=owner, created_at=AT, updated_at=AT
    )
    TeamMember.objects.create(
        application=application,
        user=owner,
        role=TeamRole.OWNER,
        may_deposit=True,
        added_by=owner,
        added_at=AT,
    )
    if submitted_at is not None:
        submission = Submission.objects.create(
            application=application,
            version=1,
            number=number,
            token=application.pk,
            submitted_at=submitted_at,
            submitted_by=owner,
            signatory="Promoteur Démonstration",
            capacity="Président",
            snapshot={"sections": {}},
            digest="a" * 64,
        )
        Application.objects.filter(pk=application.pk).update(
            status=ApplicationStatus.SUBMITTED, standing_submission=submission
        )
        application.refresh_from_db()
    return application


def freeze(monkeypatch, at: datetime) -> None:
    """Every view reads this instant."""
    monkeypatch.setattr(clock, "now", lambda: at)


def codes(refused) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]
