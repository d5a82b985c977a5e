"""The 8-year rule asked of every cluster of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from applications.domain.register import combined, lineage
from applications.domain.support_years import SupportAnswer, SupportSettings, judge_support
from applications.models import Cluster, Label
from applications.register_facts import own_facts


@dataclass(frozen=True)
class RegisterAnswers:
    """`answers` are in the order of the settings that were asked."""

    cluster: Cluster
    answers: tuple[SupportAnswer, ...]


def register_answers(
    *, on: date, settings: Sequence[SupportSettings], not_counting: frozenset[str]
) -> list[RegisterAnswers]:
    """In the order of names; a constant number of queries. `not_counting`: see `judge_support`."""
    clusters = list(
        Cluster.objects.prefetch_related(
            Prefetch("labels", Label.objects.select_related("call")), "support_periods", "predecessors"
        ).order_by("name", "code")
    )
    own = {cluster.code: own_facts(cluster) for cluster in clusters}
    before = {cluster.code: [one.code for one in cluster.predecessors.all()] for cluster in clusters}
    found = []
    for cluster in clusters:
        facts = combined(own[code] for code in lineage(cluster.code, before))
        answers = (judge_support(facts, on=on, settings=one, not_counting=not_counting) for one in settings)
        found.append(RegisterAnswers(cluster, tuple(answers)))
    return found
