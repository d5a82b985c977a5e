from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def active(self, on: date) -> "RoleGrantQuerySet":
        """In force on this day of Rabat: first day included, end day excluded."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on)

    def overlapping(self, starts_on: date, ends_on: date | None) -> "RoleGrantQuerySet":
        """Sharing at least one day with [starts_on, ends_on)."""
        found = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
        found = found.exclude(ends_on=F("starts_on"))
        return found.filter(starts_on__lt=ends_on) if ends_on else found


class RoleGrant(models.Model):
    """A standing role of one person in [starts_on, ends_on), perhaps as somebody's deputy."""

    # PROTECT: whoever held a role signed acts; the grant explains why that was allowed.
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="role_grants")
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(_("jusqu'au (exclu)"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="deputised_grants"
    )
    act_reference = models.CharField(_("acte de nomination ou de délégation"), max_length=200, blank=True)
    # Null: granted from the server's command line, when nobody could yet log in.
    granted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="grants_given")
    granted_at = models.DateTimeField()

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("rôle attribué")
        verbose_name_plural = _("rôles attribués")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_grant_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_grant_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="role_grant_is_never_to_oneself",
            ),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | ~Q(deputy_for=F("user")),
                name="role_grant_deputises_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | (Q(ends_on__isnull=False) & ~Q(act_reference="")),
                name="role_grant_deputy_has_dates_and_act",
            ),
        ]
        indexes = [models.Index(fields=["user", "role"], name="role_grant_user_role")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.starts_on}"
