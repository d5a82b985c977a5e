"""An open call, people and dossiers for the tests of the applicant's side; plain functions."""

import html
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from uuid import uuid4

import pikepdf
from django.db import transaction

from accounts.enums import Role
from accounts.models import RoleGrant, User
from applications.actions.documents import add_document
from applications.actions.dossiers import save_section, start
from applications.actions.submissions import submit
from applications.enums import CallStatus, SectionCode, TeamRole, Track
from applications.models import Application, Call, Deadline, RequiredDocument, Sector, TeamMember

OPENS_AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
CLOSES_AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def text_of(response) -> str:
    """The page with its entities read."""
    return html.unescape(response.content.decode())


def person(name: str, **extra) -> User:
    return User.objects.create_user(f"{name}@demo.example", full_name=f"Personne {name}", **extra)


def officer(role: Role = Role.CASE_OFFICER) -> User:
    user = person(role.value)
    RoleGrant.objects.create(user=user, role=role, starts_on=date(2020, 1, 1), granted_at=AT)
    return user


def open_call(code: str = "AAP-TEST-2026", *, closes_at: datetime = CLOSES_AT, **extra) -> Call:
    values = {
        "year": 2026,
        "title_fr": "Appel de démonstration 2026",
        "title_ar": "طلب مشاريع تجريبي 2026",
        "status": CallStatus.ANNOUNCED,
        "opens_at": OPENS_AT,
        "support_count": "since_first_label",
        "support_reference": "first_deadline",
        "contact_email": "appel@demo.example",
    }
    call = Call.objects.create(code=code, **{**values, **extra})
    Deadline.objects.create(
        call=call,
        version=1,
        wall_on=closes_at.date(),
        wall_time=time(closes_at.hour, closes_at.minute),
        closes_at=closes_at,
        tzdata_version="2026c",
    )
    sector, _made = Sector.objects.get_or_create(
        code="demo", defaults={"name_fr": "Secteur de démonstration"}
    )
    call.sectors.add(sector)
    RequiredDocument.objects.create(
        call=call, code="statuts", position=1, name_fr="Statuts", name_ar="النظام الأساسي", formats=["pdf"]
    )
    RequiredDocument.objects.create(
        call=call,
        code="lettres",
        position=2,
        name_fr="Lettres d'engagement",
        is_mandatory=False,
        allows_several=True,
        maximum_bytes=1024 * 1024,
    )
    return call


def pdf_file(text: str = "", *, pages: int = 1) -> BytesIO:
    """A small valid PDF; another `text` makes other bytes."""
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page()
    document.docinfo["/Title"] = text or uuid4().hex
    stream = BytesIO()
    document.save(stream, static_id=True)
    stream.seek(0)
    return stream


def answers(*, members: int = 3, name: str = "Cluster Démonstration Atlas") -> dict[SectionCode, dict]:
    """Every section of a new cluster, complete but for the statement."""
    text = "Texte de démonstration.\nنص تجريبي."
    return {
        SectionCode.TRACK: {"track": Track.NEW.value, "cluster": ""},
        SectionCode.IDENTITY: {
            "name": name,
            "name_ar": "تجمع الأطلس التجريبي",
            "acronym": "CDA",
            "sector": "demo",
            "region": "06",
            "city": "Casablanca",
            "legal_form": "association",
            "legal_stage": "in_creation",
            "created_on": "",
            "receipt_kind": "provisional",
            "receipt_number": "P-12",
            "receipt_on": "2026-05-04",
            "ice": "",
        },
        SectionCode.REPRESENTATION: {
            "representative": "Promoteur Démonstration 1",
            "capacity": "Président",
            "email": "promoteur1@demo.example",
            "phone": "05 22 00 00 00",
            "project_leader": "Promoteur Démonstration 2",
        },
        SectionCode.MEMBERS: {
            "rows": [
                {
                    "name": f"Membre Démonstration {number}",
                    "type": "sme",
                    "ice": "",
                    "region": "06",
                    "joined_on": "2026-01-05",
                    "commitment": True,
                }
                for number in range(1, members + 1)
            ]
        },
        SectionCode.STRATEGY: dict.fromkeys(
            ("vision", "market", "value_added", "market_share", "partner_support", "public_private"), text
        ),
        SectionCode.INNOVATION: {
            "partnerships": text,
            "steering_team": text,
            "leader": "Membre Démonstration 1",
            "shared_means": text,
            "rows": [
                {
                    "title": "Projet Démonstration",
                    "partners": "Membres 1 et 2",
                    "trl": 4,
                    "budget": "1250000.00",
                    "ip": "",
                }
            ],
        },
        SectionCode.INTERNATIONAL: dict.fromkeys(("markets", "partners", "actions"), text),
        SectionCode.GOVERNANCE: dict.fromkeys(("bodies", "staff", "services"), text),
        SectionCode.BUDGET: {
            "first_year": 2027,
            "rows": [
                {"kind": "use", "label": "Animation", "amounts": ["1000000.00", "1100000.00", "1200000.00"]},
                {"kind": "resource", "label": "État", "amounts": ["600000.00", "600000.00", "600000.00"]},
                {"kind": "resource", "label": "Membres", "amounts": ["400000.00", "500000.00", "600000.00"]},
            ],
        },
        SectionCode.COMMITMENTS: {
            "rows": [{"year": 2027, "projects": 2, "patents": 1, "startups": 1, "jobs": 10, "trainings": 3}]
        },
        SectionCode.CONFIDENTIALITY: {"secret_fields": "", "data_notice": True},
    }


def draft(call: Call, owner: User, *, at: datetime = AT) -> Application:
    with transaction.atomic():
        return start(call, by=owner, at=at)


def seat(application: Application, user: User, role: TeamRole, *, may_deposit: bool = False) -> TeamMember:
    return TeamMember.objects.create(
        application=application,
        user=user,
        role=role,
        may_deposit=may_deposit,
        added_by=application.created_by,
        added_at=AT,
    )


def fill(application: Application, owner: User, *, members: int = 3, at: datetime = AT) -> None:
    for code, data in answers(members=members).items():
        save_section(application, code, data, by=owner, at=at, version=0)
    piece = application.call.required_documents.get(code="statuts")
    add_document(application, piece, pdf_file(), name="Statuts signés.pdf", by=owner, at=at)


def deposited(call: Call, owner: User, *, at: datetime = AT, members: int = 3) -> Application:
    application = draft(call, owner, at=at)
    fill(application, owner, members=members, at=at)
    submit(
        application,
        by=owner,
        at=at,
        token=uuid4(),
        signatory="Promoteur Démonstration 1",
        capacity="Président",
    )
    application.refresh_from_db()
    return application
