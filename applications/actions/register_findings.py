"""The 8-year rule asked of every cluster of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from applications.domain.support_years import SupportAnswer, SupportSettings, judge_support
from applications.models import Cluster
from applications.register_facts import support_facts_by_code


@dataclass(frozen=True)
class RegisterAnswers:
    """`answers` are in the order of the settings that were asked."""

    cluster: Cluster
    answers: tuple[SupportAnswer, ...]


def register_answers(
    *, on: date, settings: Sequence[SupportSettings], not_counting: frozenset[str]
) -> list[RegisterAnswers]:
    """In the order of names; a constant number of queries. `not_counting`: see `judge_support`."""
    facts = support_facts_by_code()
    return [
        RegisterAnswers(
            cluster,
            tuple(
                judge_support(facts[cluster.code], on=on, settings=one, not_counting=not_counting)
                for one in settings
            ),
        )
        for cluster in Cluster.objects.order_by("name", "code")
        if cluster.code in facts
    ]
