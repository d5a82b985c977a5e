"""The accounts of a rehearsal: made once, kept by the calls that follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.actions.roles import grant_role
from accounts.actions.users import create_user
from accounts.enums import Language, Role
from accounts.models import User
from accounts.permissions import day_in_rabat

DOMAIN = "demo.example"
PASSWORD = "cluster-demo-2026"  # noqa: S105  printed on purpose: these accounts exist in demonstrations only
MINISTRY = "Ministère de l'Industrie et du Commerce (démonstration)"
AGE = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Staff:
    """`key` is the address before the @."""

    key: str
    full_name: str
    label: str
    roles: tuple[Role, ...] = ()


STAFF = (
    Staff(
        "responsable",
        "Responsable d'appel Démonstration",
        "Responsable d'appel et instructeur",
        (Role.CALL_MANAGER, Role.CASE_OFFICER),
    ),
    Staff("instructeur", "Instructeur Démonstration", "Instructeur", (Role.CASE_OFFICER,)),
    Staff("decideur", "Décideur Démonstration", "Décideur", (Role.DECISION_MAKER,)),
    Staff("auditeur", "Auditeur Démonstration", "Auditeur", (Role.AUDITOR,)),
    Staff("administrateur", "Administrateur Démonstration", "Administrateur", (Role.ADMINISTRATOR,)),
)
CHAIR = Staff("presidente", "Présidente Démonstration", "Présidente du jury")
EDITOR = Staff("redactrice", "Rédactrice Démonstration", "Rédactrice dans l'équipe du premier dossier")


@dataclass
class People:
    """Users by role. `applicants` and `jurors` are in the order of their numbers."""

    staff: dict[str, User]
    chair: User
    editor: User
    jurors: list[User] = field(default_factory=list)
    applicants: list[User] = field(default_factory=list)

    @property
    def manager(self) -> User:
        return self.staff["responsable"]

    @property
    def officer(self) -> User:
        return self.staff["instructeur"]

    @property
    def decision_maker(self) -> User:
        return self.staff["decideur"]


def address(key: str) -> str:
    return f"{key}@{DOMAIN}"


def ensure_people(*, jurors: int, applicants: int, at: datetime) -> People:
    """The accounts that a call of this size needs; those that are missing are made, with one shared password."""
    created: list[User] = []
    people = People(
        staff={one.key: _account(one, at=at, created=created) for one in STAFF},
        chair=_account(CHAIR, at=at, created=created, organisation="Fédération Démonstration"),
        editor=_account(EDITOR, at=at, created=created, organisation="Équipe Démonstration 1"),
        jurors=[
            _account(juror(number), at=at, created=created, **_juror_extra(number)) for number in _to(jurors)
        ],
        applicants=[
            _account(applicant(number), at=at, created=created, **_applicant_extra(number))
            for number in _to(applicants)
        ],
    )
    if created:
        # One hash for all: a slow one for each of sixty accounts would be most of the time that a rehearsal takes.
        hashed = make_password(PASSWORD)
        User.objects.filter(pk__in=[user.pk for user in created]).update(password=hashed)
        for user in created:
            user.password = hashed
    return people


def juror(number: int) -> Staff:
    return Staff(f"jure{number}", f"Juré Démonstration {number}", "Membre du jury")


def applicant(number: int) -> Staff:
    return Staff(f"porteur{number}", f"Porteur Démonstration {number}", "Porteur de dossier")


def _to(last: int) -> Iterable[int]:
    return range(1, last + 1)


def _juror_extra(number: int) -> dict[str, str]:
    language = Language.ARABIC if number % 4 == 0 else Language.FRENCH
    return {"organisation": f"Université Démonstration {number}", "language": language}


def _applicant_extra(number: int) -> dict[str, str]:
    language = Language.ARABIC if number % 3 == 0 else Language.FRENCH
    return {"organisation": f"Promoteur Démonstration {number}", "language": language}


def _account(
    one: Staff,
    *,
    at: datetime,
    created: list[User],
    organisation: str = MINISTRY,
    language: str = Language.FRENCH,
) -> User:
    known = User.objects.filter(email=address(one.key)).first()
    if known is not None:
        return known
    user = create_user(
        by=None,
        at=at - AGE,
        email=address(one.key),
        full_name=one.full_name,
        language=language,
        organisation=organisation,
        is_demonstration=True,
    )
    for role in one.roles:
        grant_role(user, role, by=None, at=at - AGE, starts_on=day_in_rabat(at - AGE), notify=False)
    created.append(user)
    return user
