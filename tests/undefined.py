"""A variable that no context defines is an error in the portal's own templates; third parties' rely on silence."""

import sys
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.template.base import FilterExpression, Node


class UndefinedVariable(AssertionError):
    """Raised while a page is rendered, so that the test which asked for it fails."""


class Undefined(str):
    """As `string_if_invalid`: Django asks for its truth exactly where a variable was not found."""

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if isinstance(expression, FilterExpression) and frame.f_code.co_name == "resolve":
            template = _template_of(frame)
            if template is not None and template.is_relative_to(Path(settings.BASE_DIR) / "templates"):
                raise UndefinedVariable(f"{{{{ {expression.token} }}}} is undefined in {template}")
        return False


def _template_of(frame: FrameType | None) -> Path | None:
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return Path(node.origin.name)
        frame = frame.f_back
    return None
