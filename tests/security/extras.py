"""Fields that no form has, and what they would change if one were read."""

from django.db.models import Q

from accounts.enums import Role
from accounts.models import RoleGrant, User
from applications.models import Application, Call, TeamMember
from tests.security.forms import Value
from tests.security.requests import holding
from tests.walkers.world import World

NUMBER, INSTANT = "SENTINELLE-4711", "2001-02-03T04:05:06+00:00"


def extras(world: World, *, status: str, taken: set[str]) -> list[tuple[str, Value]]:
    """Protected names with values that would show; a name that the form does have is left alone."""
    rival = world.people["other_applicant"].pk
    elsewhere = Call.objects.exclude(pk=world.call.pk).order_by("pk").values_list("pk", flat=True).first()
    wanted = {
        "status": status,
        "state": status,
        "owner": rival,
        "user": rival,
        "user_id": rival,
        "by": rival,
        "created_by": rival,
        "call": elsewhere,
        "call_id": elsewhere,
        "application_id": NUMBER,
        "score": "4.77",
        "total": "4.77",
        "is_staff": "on",
        "is_superuser": "on",
        "is_demonstration": "",
        "roles": Role.ADMINISTRATOR.value,
        "submitted_at": INSTANT,
        "signed_at": INSTANT,
        "opens_at": INSTANT,
        "created_at": INSTANT,
        "at": INSTANT,
        "number": NUMBER,
        "sequence": "4711",
    }
    return [(name, str(value)) for name, value in wanted.items() if name not in taken]


def protected(world: World, *, status: str) -> dict[str, object]:
    """What must be the same after a post with extra fields as before it."""
    rival = world.people["other_applicant"]
    return {
        "staff": set(
            User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).values_list("pk", flat=True)
        ),
        "administrators": RoleGrant.objects.filter(role=Role.ADMINISTRATOR).count(),
        "rival's seats": set(TeamMember.objects.filter(user=rival).values_list("application", "role")),
        "dossiers' calls": set(Application.objects.values_list("pk", "call")),
        "calls with the status": Call.objects.filter(status=status).count(),
        "dossiers with the status": Application.objects.filter(status=status).count(),
        "a row with the number": holding(NUMBER),
        "a row with the instant": holding(INSTANT.partition("+")[0].replace("T", " ")),
    }
