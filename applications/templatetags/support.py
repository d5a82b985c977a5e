"""How the kept facts of the 8-year rule read on a page."""

import re
from datetime import date
from typing import Any

from django import template
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clusters_portal import formats

register = template.Library()

# The parts of a fact that no source states, as the register's files name them.
ASSUMED = {
    "labelled": gettext_lazy("la labellisation elle-même"),
    "on": gettext_lazy("la date"),
    "granted": gettext_lazy("l'octroi du soutien"),
    "start": gettext_lazy("le début"),
    "years": gettext_lazy("la durée"),
}


@register.filter
def assumed_part(mark: str) -> str:
    """A mark such as "granted: nobody found the act" in the reader's words; one that is not known stays as it is."""
    part = ASSUMED.get(re.split(r"[ :(]", mark, maxsplit=1)[0])
    return mark if part is None else str(part)


@register.filter
def iso_day(value: str) -> str:
    """A day kept as ISO text, in the page's language."""
    return formats.day(date.fromisoformat(value), language=get_language() or "fr")


@register.filter
def years_range(count: dict[str, Any] | None) -> str:
    """ "7,82 ans", "de 7,82 à 8,85 ans", or that nothing is established; years are truncated, never rounded up."""
    if count is None:
        return _("non établi")
    least, greatest = count["years"]["min"], count["years"]["max"]
    if greatest is None:
        return _("au moins %(least)s ans") % {"least": _figure(least)}
    if least == greatest:
        return _("%(years)s ans") % {"years": _figure(least)}
    return _("de %(least)s à %(greatest)s ans") % {"least": _figure(least), "greatest": _figure(greatest)}


def _figure(text: str) -> str:
    return text if get_language() == "ar" else text.replace(".", ",")
