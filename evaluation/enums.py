"""Codes of the evaluation app. Logic compares members; labels are for screens only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JuryRole(models.TextChoices):
    CHAIR = "chair", _("Président du jury")
    JUROR = "juror", _("Membre du jury")
    SUBSTITUTE = "substitute", _("Suppléant")


class DeclarationKind(models.TextChoices):
    NONE = "none", _("Aucun lien")
    LINK = "link", _("Lien")
    CONFLICT = "conflict", _("Conflit d'intérêts")


class LinkRuling(models.TextChoices):
    KEEP = "keep", _("Maintenu")
    RECUSE = "recuse", _("Récusé")


class EvaluationStatus(models.TextChoices):
    DRAFT = "draft", _("En cours")
    SENT = "sent", _("Envoyée")


class CriterionCode(models.TextChoices):
    """The three criteria of the Ministry's notices, also the keys of the tie-break order."""

    STRATEGY = "strategy", _("Stratégie de développement")
    INNOVATION = "innovation", _("Innovation collaborative")
    INTERNATIONAL = "international", _("Visibilité internationale")


class Outcome(models.TextChoices):
    LABELLED = "labelled", _("Labellisé")
    RESERVE = "reserve", _("Liste de réserve")
    NOT_SELECTED = "not_selected", _("Non retenu")
    INADMISSIBLE = "inadmissible", _("Irrecevable")


class DecisionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposée")
    SIGNED = "signed", _("Signée")


class LetterState(models.TextChoices):
    QUEUED = "queued", _("En attente")
    RENDERED = "rendered", _("Éditée")
    FAILED = "failed", _("En échec")
    CANCELLED = "cancelled", _("Annulée et remplacée")


class RankStatus(models.TextChoices):
    """Why a dossier stands, or does not, above the line."""

    ABOVE_THRESHOLD = "above_threshold", _("Seuils atteints")
    BELOW_THRESHOLD = "below_threshold", _("Sous les seuils")
    NOT_RANKABLE = "not_rankable", _("Non classable")
