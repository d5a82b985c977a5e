"""How the trail calls the acts of this layer. The layers above have a LABELS of their own, named in settings."""

from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "role.granted": _("Rôle attribué"),
    "role.revoked": _("Rôle retiré"),
    "user.created": _("Compte créé"),
    "user.signed_up": _("Inscription"),
    "user.deactivated": _("Compte désactivé"),
    "user.reactivated": _("Compte réactivé"),
    "user.profile_changed": _("Profil modifié"),
}


@cache
def all_labels() -> dict[str, str | Promise]:
    """Every verb that a layer has named, from settings.AUDIT_VERB_LABELS."""
    labels: dict[str, str | Promise] = {}
    for dotted in settings.AUDIT_VERB_LABELS:
        labels |= import_string(dotted)
    return labels
