from django import template

from accounts.enums import Role

register = template.Library()


@register.filter
def role_label(code: str) -> str:
    """The name of a role; an unknown code prints as it is."""
    return str(Role(code).label) if code in Role.values else code
