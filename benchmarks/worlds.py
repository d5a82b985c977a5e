"""The pages that are measured, stage by stage of a call's life, with who asks them and how many queries they cost."""

import json
import sys
from dataclasses import asdict, dataclass
from http import HTTPStatus
from io import StringIO

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from applications.models import Application, Call
from benchmarks import bulk
from clusters_portal import clock
from evaluation.models import Assignment, Decision

LIMIT, RANKING_LIMIT = 10, 12
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    session: str
    queries: int
    limit: int
    kilobytes: int


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", stdout=StringIO())


def pages_of(stage: str, size: int) -> str:
    """Brings the database to the stage; a JSON array of its pages."""
    return json.dumps([asdict(one) for one in STAGES[stage](size)])


def evaluation(size: int) -> list[Page]:
    at = clock.now()
    opened = bulk.build_open(size, at=at)
    call = bulk.build_evaluation(size, at=at)
    bulk.analyse()
    draft = Application.objects.filter(call=opened, status="draft").order_by("created_at").first()
    marked = Application.objects.filter(call=call).order_by("created_at").first()
    owner = session_of(draft.created_by)
    officer, juror, chair = (session_for(key) for key in ("instructeur", "jure1", "presidente"))
    open_sheet = Assignment.objects.filter(juror__user__email="jure1@demo.example", evaluation__isnull=True)
    return [
        page("home", reverse("applications:home")),
        page("public call", reverse("evaluation:public-call", args=[opened.code])),
        page("register", reverse("applications:clusters")),
        page("applicant: dossiers", reverse("applications:dossier_list"), owner),
        page("applicant: dossier", reverse("applications:dossier", args=[draft.pk]), owner),
        page("applicant: section", reverse("applications:section", args=[draft.pk, "members"]), owner),
        page("staff: list", reverse("applications:staff-dossiers", args=[call.code]), officer),
        page("staff: dossier", reverse("applications:staff-dossier", args=[marked.pk]), officer),
        page("juror: home", reverse("evaluation:jury-home"), juror),
        page("juror: declarations", reverse("evaluation:jury-declarations", args=[call.code]), juror),
        page("juror: marking", reverse("evaluation:jury-sheet", args=[open_sheet.first().pk]), juror),
        page("chair: progress", reverse("evaluation:jury-progress", args=[call.code]), chair),
    ]


def deliberation(size: int) -> list[Page]:
    call = worked()
    bulk.to_deliberation(call, at=clock.now())
    bulk.analyse()
    chair = session_for("presidente")
    return [
        page("ranking", reverse("evaluation:jury-ranking", args=[call.code]), chair, limit=RANKING_LIMIT),
        page("deliberation", reverse("evaluation:jury-deliberation", args=[call.code]), chair),
    ]


def decided(size: int) -> list[Page]:
    call = worked()
    bulk.to_decided(call, at=clock.now())
    bulk.analyse()
    decider = session_for("decideur")
    decision = Decision.objects.filter(application__call=call).order_by("pk").first()
    return [
        page("decisions: list", reverse("evaluation:decisions", args=[call.code]), decider),
        page("decisions: one", reverse("evaluation:decision", args=[call.code, decision.pk]), decider),
        page("letters: progress", reverse("evaluation:letters", args=[call.code]), decider),
        page("audit trail", reverse("accounts:trail"), session_for("auditeur")),
    ]


def published(size: int) -> list[Page]:
    call = worked()
    bulk.to_published(call, at=clock.now())
    mine = Application.objects.filter(call=call).order_by("created_at").first()
    return [
        page("results", reverse("evaluation:results", args=[call.code])),
        page(
            "applicant: decision",
            reverse("evaluation:my-decision", args=[mine.pk]),
            session_of(mine.created_by),
        ),
    ]


STAGES = {
    "evaluation": evaluation,
    "deliberation": deliberation,
    "decided": decided,
    "published": published,
}


def worked() -> Call:
    return Call.objects.get(evaluation_round__isnull=False)


def session_for(key: str) -> str:
    return session_of(User.objects.get(email=f"{key}@demo.example"))


def session_of(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


def page(name: str, path: str, session: str = "", *, limit: int = LIMIT) -> Page:
    """Asked twice before counting, so that what a process reads once is not charged to the page."""
    client = Client(SERVER_NAME="127.0.0.1")
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    for _time in range(2):
        response = client.get(path)
    if response.status_code != HTTPStatus.OK:
        sys.exit(f"{name}: {path} answers {response.status_code}")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    queries = [query["sql"] for query in captured if query["sql"] not in NOT_COUNTED]
    return Page(name, path, session, len(queries), limit, len(response.content) // 1024)
