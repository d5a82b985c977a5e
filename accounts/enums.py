"""Codes of the accounts app. Logic compares members; labels are for screens only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Standing roles of the Ministry's staff. Jurors and applicants are roles within one call."""

    CALL_MANAGER = "call_manager", _("Responsable d'appel")
    CASE_OFFICER = "case_officer", _("Instructeur")
    DECISION_MAKER = "decision_maker", _("Décideur")
    AUDITOR = "auditor", _("Auditeur")
    ADMINISTRATOR = "administrator", _("Administrateur")


class Language(models.TextChoices):
    FRENCH = "fr", "Français"
    ARABIC = "ar", "العربية"


class OutboxState(models.TextChoices):
    QUEUED = "queued", _("En attente")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Fait")
    FAILED = "failed", _("En échec")
    UNKNOWN = "unknown", _("À vérifier par une personne")


class OutboxKind(models.TextChoices):
    """What a worker is asked to do once the transaction has committed.

    MAIL is at most once: a lease that runs out leaves it UNKNOWN. The others are idempotent: they are tried again.
    """

    MAIL = "mail", _("Courriel")
    RENDER_RECEIPT = "render_receipt", _("Récépissé de dépôt")
    RENDER_CLOSING_RECORD = "render_closing_record", _("Procès-verbal de clôture")
    RENDER_LETTER = "render_letter", _("Lettre de décision")
    RENDER_MINUTES = "render_minutes", _("Procès-verbal de délibération")
