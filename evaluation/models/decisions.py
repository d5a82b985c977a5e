"""Decisions, their letters, and the proof that they were received."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.permissions import roles_of
from applications.enums import EligibilityLine
from applications.models import Application, EligibilityCheck, TeamMember
from applications.models.dossiers import READER_ROLES
from evaluation.enums import DecisionStatus, LetterState, Outcome
from evaluation.models.jury import JuryMember


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user, *, at: datetime) -> "DecisionQuerySet":
        """Staff prepare and read decisions; a team reads its own once the results are published."""
        if not user.is_authenticated:
            return self.none()
        if roles_of(user, at=at) & READER_ROLES:
            return self
        return self.filter(
            application__team__user=user,
            application__call__published_at__isnull=False,
            status=DecisionStatus.SIGNED,
        )

    def with_signing_facts(self, user) -> "DecisionQuerySet":
        """Annotates what the rules of signature ask of `user`, in the same query.

        `signer_sat_on_jury`, `signer_in_team`, `rests_on_unconfirmed`: booleans.
        """
        seats = JuryMember.objects.filter(call=OuterRef("application__call"), user=user)
        team = TeamMember.objects.filter(application=OuterRef("application"), user=user)
        unconfirmed = EligibilityCheck.objects.filter(
            application=OuterRef("application"),
            line=EligibilityLine.SUPPORT_YEARS,
            facts__rests_on_unconfirmed=True,
        )
        return self.annotate(
            signer_sat_on_jury=Exists(seats),
            signer_in_team=Exists(team),
            rests_on_unconfirmed=Exists(unconfirmed),
        )


class Decision(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reserve_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons_fr = models.TextField(blank=True)
    reasons_ar = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    # Given by `with_signing_facts`.
    signer_sat_on_jury: bool
    signer_in_team: bool
    rests_on_unconfirmed: bool

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["application"]
        constraints = [
            models.CheckConstraint(
                name="signed_decision_has_its_author",
                condition=Q(status=DecisionStatus.PROPOSED, signed_by__isnull=True, signed_at__isnull=True)
                | Q(status=DecisionStatus.SIGNED, signed_by__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signer_is_not_the_proposer",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="signed_decision_has_reasons_in_both_languages",
                condition=Q(status=DecisionStatus.PROPOSED) | (~Q(reasons_fr="") & ~Q(reasons_ar="")),
            ),
        ]


class LetterCounter(models.Model):
    """The last number given in a calendar year; locked by whoever takes the next one, so no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_sequence = models.PositiveIntegerField(default=0)


class DecisionLetterQuerySet(models.QuerySet):
    def visible_to(self, user, *, at: datetime) -> "DecisionLetterQuerySet":
        return self.filter(decision__in=Decision.objects.visible_to(user, at=at))

    def standing(self) -> "DecisionLetterQuerySet":
        return self.exclude(state=LetterState.CANCELLED)


class DecisionLetter(models.Model):
    """The numbered PDF that notifies a decision. Its file is stored once and never rendered again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    version = models.PositiveSmallIntegerField(default=1)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.QUEUED)
    content = models.JSONField()
    numbered_at = models.DateTimeField()
    pdf_key = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    objects = DecisionLetterQuerySet.as_manager()

    class Meta:
        ordering = ["year", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "version"], name="one_letter_per_decision_version"),
            models.UniqueConstraint(fields=["year", "sequence"], name="one_letter_per_number"),
            models.UniqueConstraint(
                fields=["decision"],
                condition=~Q(state=LetterState.CANCELLED),
                name="one_standing_letter_per_decision",
            ),
            models.CheckConstraint(
                name="rendered_letter_has_its_file",
                condition=~Q(state=LetterState.RENDERED)
                | (~Q(pdf_key="") & ~Q(pdf_sha256="") & Q(rendered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LetterAcknowledgement(models.Model):
    """The applicant's reading acknowledgement: the first one proves the notification."""

    letter = models.ForeignKey(DecisionLetter, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField()

    class Meta:
        ordering = ["acknowledged_at"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "user"], name="one_acknowledgement_per_person"),
        ]
