"""The portal's tag library, loaded with `{% load portal %}`. Formats follow the page's language."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clusters_portal import formats

register = template.Library()


def _language() -> str:
    return get_language() or "fr"


@register.filter
def instant(value: datetime | None) -> str:
    return formats.instant(value, language=_language())


@register.filter
def instant_short(value: datetime | None) -> str:
    return formats.instant_short(value, language=_language())


@register.filter
def hour(value: datetime | None) -> str:
    return formats.hour(value, language=_language())


@register.filter
def day(value: date | datetime | None) -> str:
    return formats.day(value, language=_language())


@register.filter
def day_short(value: date | datetime | None) -> str:
    return formats.day_short(value, language=_language())


@register.filter
def duration(value: timedelta) -> str:
    return formats.duration(value, language=_language())


@register.filter
def mad(value: Decimal | int | str | None) -> str:
    return formats.mad(value, language=_language())


@register.filter
def mark(value: Decimal | int | str | None) -> str:
    return formats.mark(value, language=_language())


@register.filter
def percent(value: Decimal | int | str | None, places: int = 0) -> str:
    return formats.percent(value, language=_language(), places=int(places))


@register.filter
def integer(value: Decimal | int | str | None) -> str:
    return formats.integer(value, language=_language())


@register.filter
def filesize(value: int | None) -> str:
    return formats.filesize(value, language=_language())


@register.filter
def yes_no(value: bool) -> str:
    return formats.yes_no(value, language=_language())


@register.simple_tag
def bidi_ltr(value: object) -> str:
    """An identifier, an address or a hash that stays left-to-right inside Arabic text."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


@register.simple_tag
def icon(name: str, height: int = 16) -> SafeString:
    """A decorative Bootstrap icon by its name; the words beside it carry the meaning."""
    return _icon(name, height)


@lru_cache(maxsize=256)
def _icon(name: str, height: int) -> SafeString:
    svg = render_to_string(f"bs_icon/{name}.svg", {"height": height})
    return format_html('<span class="icon" aria-hidden="true">{}</span>', svg)


@register.simple_tag(takes_context=True)
def query_replace(context: template.Context, **changes: object) -> str:
    """`?…` of this page with some parameters replaced; None or "" removes one, and the page number unless given."""
    query = _query(context)
    query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, field: str, label: str, extra_class: str = "") -> dict:
    """A `<th>` that sorts by `?tri=field` / `?tri=-field`; the view reads `tri`."""
    current = _query(context).get("tri", "")
    state = {field: "ascending", f"-{field}": "descending"}.get(current, "none")
    target = f"-{field}" if state == "ascending" else field
    return {
        "label": label,
        "state": state,
        "href": query_replace(context, tri=target),
        "extra_class": extra_class,
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: object) -> dict:
    """`{% breadcrumbs label url label url current %}`; the home page is put first, the last label is this page."""
    pairs = list(parts)
    current = pairs.pop() if len(pairs) % 2 else ""
    crumbs = [{"label": pairs[i], "url": pairs[i + 1]} for i in range(0, len(pairs), 2)]
    return {"crumbs": crumbs, "current": current}


@register.simple_tag(takes_context=True)
def current_entry(context: template.Context, entries: Iterable, *urls: str) -> str:
    """The address of the one menu entry this page belongs to, the most precise of them, or ""."""
    path = getattr(context.get("request"), "path", "")
    offered = [*urls, *(entry.url for entry in entries or ())]
    return max((url for url in offered if url and url != "/" and path.startswith(url)), key=len, default="")


@register.filter
def field_anchor(form, name: str) -> str:
    """The id that an error of a field links to; the form's own id for an error of the whole form."""
    return form[name].auto_id if name in form.fields else "form-errors"


@register.filter
def field_label(form, name: str) -> str:
    return form[name].label if name in form.fields else ""


def _query(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)
