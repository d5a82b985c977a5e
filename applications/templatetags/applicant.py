"""`{% load applicant %}`: what the texts of applicants' notices need."""

from datetime import datetime

from django import template
from django.utils.translation import get_language

from clusters_portal import formats

register = template.Library()


@register.filter
def iso_instant(value: str) -> str:
    """An instant kept as ISO text, to the second: `vendredi 27 novembre 2026 à 14 h 59, heure de Rabat (14:59:58)`."""
    at = datetime.fromisoformat(value)
    return f"{formats.instant(at, language=get_language() or 'fr')} ({formats.in_rabat(at):%H:%M:%S})"
