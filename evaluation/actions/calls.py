"""The part of a call that touches the grid: copying, editing the grid, publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.actions.calls import announce_call, create_call, lock_draft, record_edit, touch
from applications.domain.call_settings import CallSection
from applications.models import Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.readiness import publication_blockers
from evaluation.domain.default_grid import DEFAULT_CRITERIA, DEFAULT_GRID
from evaluation.domain.grids import SUBCRITERIA_MAX
from evaluation.models import Criterion, Grid, Subcriterion

GRID_FIELDS = ("pass_total", "pass_criterion", "spread_alert", "quorum", "all_read_up_to", "tie_break")
CRITERION_FIELDS = ("weight", "title_fr", "title_ar", "guidance_fr", "guidance_ar")


@dataclass(frozen=True)
class SubcriterionRow:
    """`anchors`: six objects {"fr", "ar"}, for 0 to 5."""

    code: str
    title_fr: str
    title_ar: str
    weight: Decimal
    guidance_fr: str
    guidance_ar: str
    anchors: tuple[Mapping[str, str], ...]


@transaction.atomic
def create_call_from(
    source: Call | None,
    *,
    code: str,
    year: int,
    title_fr: str,
    by: User,
    at: datetime,
    title_ar: str = "",
    is_demonstration: bool = False,
) -> Call:
    """A draft with its grid: that of `source`, or the portal's proposal, marked so. Raises `Refused`: `code_taken`."""
    call = create_call(
        code=code,
        year=year,
        title_fr=title_fr,
        title_ar=title_ar,
        source=source,
        is_demonstration=is_demonstration,
        by=by,
        at=at,
    )
    earlier = Grid.objects.filter(call=source).first() if source else None
    if earlier is not None:
        _copy_grid(earlier, call)
        return call
    write_default_grid(call)
    call.assumed = [*call.assumed, CallSection.GRID.value]
    call.save(update_fields=["assumed"])
    return call


def write_default_grid(call: Call) -> Grid:
    """The portal's proposal as rows."""
    grid = Grid.objects.create(
        call=call,
        pass_total=DEFAULT_GRID.pass_total,
        pass_criterion=DEFAULT_GRID.pass_criterion,
        spread_alert=DEFAULT_GRID.spread_alert,
        quorum=DEFAULT_GRID.quorum,
        tie_break=list(DEFAULT_GRID.tie_break),
    )
    for position, texts in enumerate(DEFAULT_CRITERIA, start=1):
        criterion = Criterion.objects.create(
            grid=grid,
            code=texts.code,
            position=position,
            weight=texts.weight,
            title_fr=texts.title.fr,
            title_ar=texts.title.ar,
            guidance_fr=texts.guidance.fr,
            guidance_ar=texts.guidance.ar,
        )
        Subcriterion.objects.bulk_create(
            Subcriterion(
                criterion=criterion,
                code=sub.code,
                position=place,
                weight=sub.weight,
                title_fr=sub.title.fr,
                title_ar=sub.title.ar,
                guidance_fr=sub.guidance.fr,
                guidance_ar=sub.guidance.ar,
                anchors=sub.anchors_document(),
            )
            for place, sub in enumerate(texts.subcriteria, start=1)
        )
    return grid


def _copy_grid(earlier: Grid, call: Call) -> Grid:
    grid = Grid.objects.create(call=call, **{name: getattr(earlier, name) for name in GRID_FIELDS})
    for criterion in earlier.criteria.prefetch_related("subcriteria"):
        subcriteria = list(criterion.subcriteria.all())
        criterion.pk, criterion.grid = None, grid
        criterion._state.adding = True
        criterion.save()
        for sub in subcriteria:
            sub.pk, sub.criterion = None, criterion
            sub._state.adding = True
        Subcriterion.objects.bulk_create(subcriteria)
    return grid


@transaction.atomic
def update_grid(
    call: Call,
    *,
    version: int,
    settings: Mapping[str, Any],
    criteria: Mapping[str, Mapping[str, Any]],
    by: User,
    at: datetime,
) -> Grid:
    """Thresholds, quorum, tie-break, and each criterion's weight and texts, of a draft.

    Weights that do not add up to 100 are kept in a draft: the readiness check refuses them.
    Raises `Refused`: `call_frozen`, `edited_meanwhile`.
    """
    locked = lock_draft(call, version=version)
    grid = Grid.objects.get(call=locked)
    for name in GRID_FIELDS:
        setattr(grid, name, settings[name])
    grid.save()
    for criterion in grid.criteria.all():
        for name in CRITERION_FIELDS:
            setattr(criterion, name, criteria[criterion.code][name])
        criterion.save()
    touch(locked, CallSection.GRID)
    locked.save()
    weights = {code: str(values["weight"]) for code, values in criteria.items()}
    numbers = {name: str(settings[name]) for name in GRID_FIELDS}
    record_edit(locked, CallSection.GRID, by=by, at=at, changes=numbers | {"weights": weights})
    return grid


@transaction.atomic
def replace_subcriteria(
    call: Call,
    criterion: Criterion,
    rows: Sequence[SubcriterionRow],
    *,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """The whole list of sub-criteria of one criterion of a draft.

    Raises `Refused`: `call_frozen`, `edited_meanwhile`, `no_subcriterion`, `too_many_subcriteria`.
    """
    locked = lock_draft(call, version=version)
    if not rows:
        raise Refused([Blocker("no_subcriterion", _("Un critère compte au moins un sous-critère."))])
    if len(rows) > SUBCRITERIA_MAX:
        message = _("Un critère compte au plus quatre sous-critères.")
        raise Refused([Blocker("too_many_subcriteria", message)])
    own = Criterion.objects.get(pk=criterion.pk, grid__call=locked)
    own.subcriteria.all().delete()
    Subcriterion.objects.bulk_create(
        Subcriterion(
            criterion=own,
            position=place,
            code=row.code,
            title_fr=row.title_fr,
            title_ar=row.title_ar,
            weight=row.weight,
            guidance_fr=row.guidance_fr,
            guidance_ar=row.guidance_ar,
            anchors=[dict(anchor) for anchor in row.anchors],
        )
        for place, row in enumerate(rows, start=1)
    )
    touch(locked, CallSection.GRID)
    locked.save()
    changes = {"criterion": own.code, "subcriteria": [row.code for row in rows]}
    record_edit(locked, CallSection.GRID, by=by, at=at, changes=changes)


@transaction.atomic
def publish_call(call: Call, *, by: User, at: datetime, opens_at: datetime | None) -> Call:
    """Publish a draft, grid included: from now on nothing of it changes. `opens_at=at` opens it at once.

    Raises `Refused` with every code of `publication_blockers`, or those of `announce_call`.
    """
    locked = Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
    blockers = publication_blockers(locked, at=at)
    if blockers:
        raise Refused(blockers)
    return announce_call(locked, by=by, at=at, opens_at=opens_at)
