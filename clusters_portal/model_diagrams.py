"""Diagrams of the code as Mermaid text, which code hosts draw by themselves: models, tables of transitions."""

import inspect
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.contrib.postgres.fields import ArrayField
from django.db import models

TYPES: tuple[tuple[type[Any], str], ...] = (
    (ArrayField, "list"),
    (models.ForeignKey, "reference"),
    (models.ManyToManyField, "references"),
    (models.UUIDField, "uuid"),
    (models.JSONField, "json"),
    (models.DateTimeField, "instant"),
    (models.DateField, "day"),
    (models.TimeField, "time"),
    (models.BooleanField, "flag"),
    (models.DecimalField, "decimal"),
    (models.IntegerField, "number"),
    (models.AutoField, "number"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def entity_diagram(app: AppConfig, *, enums: Mapping[tuple[str, ...], str]) -> str:
    """The models of an app and what they point to; of their fields only keys and codes.

    A reference that cannot be followed back (`related_name="+"`) to another app is left out: it names who acted.
    """
    lines = ["```mermaid", "erDiagram"]
    for model in own_models(app):
        shown = [line for field in own_fields(model) if (line := _attribute(field, enums))]
        lines += [f"    {model.__name__} {{", *shown, "    }"] if shown else [f"    {model.__name__}"]
    for model in own_models(app):
        lines += [line for field in own_fields(model) if (line := _edge(field))]
    return "\n".join([*lines, "```"])


def state_diagram(table: Mapping[StrEnum, Iterable[StrEnum]], *, first: StrEnum) -> str:
    """A table of transitions; the statuses that nothing follows end the diagram."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    for status, targets in table.items():
        following = sorted(targets, key=list(type(status)).index)
        lines += [f"    {status.value} --> {target.value}" for target in following]
        lines += [] if following else [f"    {status.value} --> [*]"]
    return "\n".join([*lines, "```"])


def model_text(model: type[models.Model], *, enums: Mapping[tuple[str, ...], str]) -> str:
    """What a model is, its fields, and the named constraints by which the database holds it."""
    words = _contract(model)
    names = [constraint.name for constraint in model._meta.constraints]
    parts = [f"### {model.__name__}"]
    parts += [words] if words else []
    parts.append("Fields: " + ", ".join(_field(field, enums) for field in own_fields(model)) + ".")
    parts += ["The database holds: " + ", ".join(f"`{name}`" for name in names) + "."] if names else []
    return "\n\n".join(parts)


def own_models(app: AppConfig) -> list[type[models.Model]]:
    return sorted(app.get_models(), key=lambda model: model.__name__)


def own_fields(model: type[models.Model]) -> list[models.Field]:
    return [*model._meta.fields, *model._meta.many_to_many]


def enums_of(apps: Iterable[AppConfig]) -> dict[tuple[str, ...], str]:
    """The name of each enum in the apps' `enums.py`, by its values: a field keeps its choices and not their enum."""
    found: dict[tuple[str, ...], str] = {}
    for app in apps:
        module = f"{app.name}.enums"
        members = vars(import_module(module)) if find_spec(module) else {}
        for name, member in members.items():
            if isinstance(member, type) and issubclass(member, models.TextChoices) and member.choices:
                found.setdefault(tuple(member.values), name)
    return found


def type_of(field: models.Field, enums: Mapping[tuple[str, ...], str]) -> str:
    choices = tuple(str(value) for value, _label in field.flatchoices)
    if choices in enums:
        return enums[choices]
    return next((word for kind, word in TYPES if isinstance(field, kind)), "text")


def _attribute(field: models.Field, enums: Mapping[tuple[str, ...], str]) -> str:
    if field.is_relation:
        return ""
    kind = type_of(field, enums)
    if field.primary_key and field.name != "id":
        return f"        {kind} {field.name} PK"
    if field.unique and not field.primary_key:
        return f"        {kind} {field.name} UK"
    return f"        {kind} {field.name}" if kind in enums.values() else ""


def _edge(field: models.Field) -> str:
    if not field.is_relation or field.remote_field is None:
        return ""
    target, source = field.related_model, field.model
    if not isinstance(target, type) or target.__module__.startswith("django."):
        return ""
    if target._meta.app_label != source._meta.app_label and field.remote_field.hidden:
        return ""
    if field.many_to_many:
        return f"    {source.__name__} }}o--o{{ {target.__name__} : {field.name}"
    one = "|o" if field.null else "||"
    many = "o|" if field.one_to_one else "o{"
    return f"    {target.__name__} {one}--{many} {source.__name__} : {field.name}"


def _field(field: models.Field, enums: Mapping[tuple[str, ...], str]) -> str:
    kind = type_of(field, enums)
    if field.is_relation and isinstance(field.related_model, type):
        kind = field.related_model.__name__ + (" list" if field.many_to_many else "")
    marks = ["key"] if field.primary_key else ["unique"] if field.unique else []
    marks += ["optional"] if field.null else []
    return f"`{field.name}` ({', '.join([kind, *marks])})"


def _contract(model: type[models.Model]) -> str:
    """The docstring; Django writes one of its own where there is none."""
    words = inspect.cleandoc(model.__doc__ or "")
    return "" if words.startswith(f"{model.__name__}(") else _escaped(words)


def _escaped(words: str) -> str:
    """Outside of `code`, Markdown would take these signs for its own."""
    parts = words.split("`")
    parts[::2] = [part.replace("<", "\\<").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
