"""The choice of the 8-year count, with both counts of the whole register before one's eyes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods

from applications.actions import calls as actions
from applications.actions.register_findings import register_answers
from applications.domain.call_settings import CallSection
from applications.domain.deadlines import local_day
from applications.domain.support_years import SupportAnswer, SupportSettings
from applications.enums import SupportCount, SupportFinding, SupportReference
from applications.forms.calls import SupportForm
from applications.models import Call, Cluster
from applications.register_facts import labels_not_counting, reference_day
from applications.views.public_clusters import answer_years
from applications.views.staff_calls import FORM_METHODS, atomic_post, edit_section, editable_call
from clusters_portal import clock

DEFAULT_COUNT = SupportCount.SINCE_FIRST_LABEL
DEFAULT_REFERENCE = SupportReference.FIRST_DEADLINE
TONES = {
    SupportFinding.MET: "positive",
    SupportFinding.NOT_MET: "negative",
    SupportFinding.TO_VERIFY: "waiting",
    SupportFinding.NOT_APPLICABLE: "neutral",
}


@dataclass(frozen=True)
class Answer:
    """One count's answer for one cluster, as the table shows it."""

    label: str | Promise
    tone: str
    years: str


@dataclass(frozen=True)
class RegisterRow:
    code: str
    name: str
    since: Answer
    total: Answer
    differ: bool


def register_table(call: Call, *, at: datetime) -> tuple[date, list[RegisterRow]]:
    """Both counts of every cluster, on the call's reference day; on its first deadline, or today, while it has none."""
    first = call.first_deadline
    on = reference_day(call) or (first.wall_on if first else local_day(at))
    found = register_answers(
        on=on,
        settings=[
            SupportSettings(SupportCount.SINCE_FIRST_LABEL, call.support_years),
            SupportSettings(SupportCount.SUM_OF_SUPPORT, call.support_years),
        ],
        not_counting=labels_not_counting(call),
    )
    return on, [_row(one.cluster, *one.answers) for one in found]


def _row(cluster: Cluster, since: SupportAnswer, total: SupportAnswer) -> RegisterRow:
    return RegisterRow(
        code=cluster.code,
        name=cluster.display_name,
        since=_answer(since),
        total=_answer(total),
        differ=since.finding != total.finding,
    )


def _answer(answer: SupportAnswer) -> Answer:
    return Answer(answer.finding.label, TONES[answer.finding], answer_years(answer.deciding))


@require_http_methods(FORM_METHODS)
@atomic_post
def support(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    on, rows = register_table(call, at=at)
    initial = {
        "version": call.version,
        "support_count": call.support_count or DEFAULT_COUNT,
        "support_reference": call.support_reference or DEFAULT_REFERENCE,
        "support_reference_on": call.support_reference_on,
        "support_years": call.support_years,
        "support_article": call.support_article,
    }
    form = SupportForm(request.POST or None, initial=initial)

    def save() -> None:
        version = form.cleaned_data["version"]
        changes = form.changes()
        actions.update_section(
            call, CallSection.SUPPORT, version=version, changes=changes, by=request.user, at=at
        )

    return edit_section(
        request,
        call,
        CallSection.SUPPORT,
        form,
        template="applications/staff_calls/support.html",
        save=save,
        rows=rows,
        reference_on=on,
        differing=sum(row.differ for row in rows),
    )
