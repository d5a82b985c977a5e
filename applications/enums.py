"""Codes of the applications app. Logic compares members; labels are for screens only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallStatus(models.TextChoices):
    """What the acts have made of a call. Openness is derived from the clock: see `CallPhase`."""

    DRAFT = "draft", _("Brouillon")
    ANNOUNCED = "announced", _("Publié")
    CLOSED = "closed", _("Clos")
    OPENED = "opened", _("Plis ouverts")
    EVALUATION = "evaluation", _("Évaluation")
    DELIBERATION = "deliberation", _("Délibération")
    DECIDED = "decided", _("Décidé")
    PUBLISHED = "published", _("Résultats publiés")
    ARCHIVED = "archived", _("Archivé")
    CANCELLED = "cancelled", _("Annulé")


class CallPhase(models.TextChoices):
    """Where a call stands at an instant: the status, and for an announced call what the clock says."""

    DRAFT = "draft", _("Brouillon")
    ANNOUNCED = "announced", _("À venir")
    OPEN = "open", _("Ouvert")
    AWAITING_CLOSING = "awaiting_closing", _("Échéance passée")
    CLOSED = "closed", _("Clos")
    OPENED = "opened", _("Recevabilité")
    EVALUATION = "evaluation", _("Jury")
    DELIBERATION = "deliberation", _("Délibération")
    DECIDED = "decided", _("Décisions")
    PUBLISHED = "published", _("Résultats publiés")
    ARCHIVED = "archived", _("Archivé")
    CANCELLED = "cancelled", _("Annulé")


class DeadlineKind(models.TextChoices):
    INITIAL = "initial", _("Date limite initiale")
    EXTENSION = "extension", _("Prolongation")
    REOPENING = "reopening", _("Réouverture")


class Track(models.TextChoices):
    NEW = "new", _("Nouveau cluster")
    EXISTING = "existing", _("Cluster existant")


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Déposé")
    WITHDRAWN = "withdrawn", _("Retiré")
    IN_INSTRUCTION = "in_instruction", _("En instruction")
    ADMISSIBLE = "admissible", _("Recevable")
    INADMISSIBLE = "inadmissible", _("Irrecevable")
    IN_EVALUATION = "in_evaluation", _("En évaluation")
    DECIDED = "decided", _("Décidé")


class TeamRole(models.TextChoices):
    OWNER = "owner", _("Titulaire")
    EDITOR = "editor", _("Rédacteur")
    READER = "reader", _("Lecteur")


class SectionCode(models.TextChoices):
    """Sections of the default dossier, in the order of the task list."""

    TRACK = "track", _("Voie")
    IDENTITY = "identity", _("Identité du cluster")
    REPRESENTATION = "representation", _("Représentation")
    MEMBERS = "members", _("Membres")
    STRATEGY = "strategy", _("Stratégie de développement")
    INNOVATION = "innovation", _("Innovation collaborative")
    INTERNATIONAL = "international", _("Visibilité internationale")
    GOVERNANCE = "governance", _("Gouvernance")
    BUDGET = "budget", _("Budget")
    COMMITMENTS = "commitments", _("Engagements")
    TRACK_RECORD = "track_record", _("Bilan et périodes de soutien")
    CONFIDENTIALITY = "confidentiality", _("Confidentialité et consentement")
    STATEMENT = "statement", _("Déclaration et signature")


class SectionState(models.TextChoices):
    NOT_STARTED = "not_started", _("À commencer")
    IN_PROGRESS = "in_progress", _("En cours")
    COMPLETE = "complete", _("Complète")


class MemberType(models.TextChoices):
    LARGE_FIRM = "large_firm", _("Grande entreprise")
    SME = "sme", _("PME")
    STARTUP = "startup", _("Start-up")
    RESEARCH = "research", _("Organisme de recherche")
    TRAINING = "training", _("Établissement de formation")
    ASSOCIATION = "association", _("Association")
    INSTITUTION = "institution", _("Institution")


class LegalStage(models.TextChoices):
    CREATED = "created", _("Créé")
    IN_CREATION = "in_creation", _("En cours de création")


class LegalForm(models.TextChoices):
    ASSOCIATION = "association", _("Association")
    GIE = "gie", _("Groupement d'intérêt économique")
    OTHER = "other", _("Autre forme")


class FileFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"


class Finding(models.TextChoices):
    MET = "met", _("Satisfait")
    NOT_MET = "not_met", _("Non satisfait")
    TO_VERIFY = "to_verify", _("À vérifier")


class EligibilityLine(models.TextChoices):
    ON_TIME = "on_time", _("Dépôt dans le délai")
    PIECES_PRESENT = "pieces_present", _("Pièces obligatoires présentes")
    MEMBERSHIP = "membership", _("Nombre et composition des membres")
    SUPPORT_YEARS = "support_years", _("Règle des 8 ans de soutien de l'État")


class SupportCount(models.TextChoices):
    """Which of the two counts decides the 8-year rule; both are always shown."""

    SINCE_FIRST_LABEL = "since_first_label", _("Depuis la première labellisation")
    SUM_OF_SUPPORT = "sum_of_support", _("Somme des périodes de soutien")


class SupportReference(models.TextChoices):
    """The day on which the 8 years are read."""

    OPENING = "opening", _("Ouverture de l'appel")
    FIRST_DEADLINE = "first_deadline", _("Première date limite publiée")
    DEADLINE_IN_FORCE = "deadline_in_force", _("Date limite en vigueur")
    FIXED = "fixed", _("Date fixée")


class SupportFinding(models.TextChoices):
    """The four answers of the register's own listing: a cluster not yet labelled is new, hence NOT_APPLICABLE."""

    MET = "met", _("Satisfait")
    NOT_MET = "not_met", _("Non satisfait")
    TO_VERIFY = "to_verify", _("À vérifier")
    NOT_APPLICABLE = "not_applicable", _("Sans objet")


class ClusterState(models.TextChoices):
    ACTIVE = "active", _("Actif")
    DORMANT = "dormant", _("En sommeil")
    UNKNOWN = "unknown", _("Non établi")
