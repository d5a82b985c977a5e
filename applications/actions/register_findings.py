"""The 8-year rule asked of every cluster of the register."""

from dataclasses import dataclass
from datetime import date

from applications.domain.support_years import SupportAnswer, SupportSettings, judge_support
from applications.models import Cluster
from applications.register_facts import support_facts_by_code


@dataclass(frozen=True)
class RegisterAnswer:
    cluster: Cluster
    answer: SupportAnswer


def register_answers(
    *, on: date, settings: SupportSettings, not_counting: frozenset[str]
) -> list[RegisterAnswer]:
    """In the order of names; a constant number of queries. `not_counting`: see `judge_support`."""
    facts = support_facts_by_code()
    return [
        RegisterAnswer(
            cluster,
            judge_support(facts[cluster.code], on=on, settings=settings, not_counting=not_counting),
        )
        for cluster in Cluster.objects.order_by("name", "code")
    ]
