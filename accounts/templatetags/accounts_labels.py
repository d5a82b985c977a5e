import json

from django import template

from accounts.enums import Role
from accounts.verbs import all_labels

register = template.Library()


@register.filter
def role_label(code: str) -> str:
    """The name of a role; an unknown code prints as it is."""
    return str(Role(code).label) if code in Role.values else code


@register.filter
def verb_label(verb: str) -> str:
    """The name of an act in the trail; a verb that nobody named prints as it is."""
    return str(all_labels().get(verb, verb))


@register.filter
def facts_of(detail: dict) -> list[tuple[str, str]]:
    """The details of an event as (name, text) pairs, nested values as JSON."""
    return [(name, _text(value)) for name, value in detail.items() if value not in ("", None)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
