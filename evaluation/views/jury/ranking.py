"""The ranking, once the chair has closed the round: page and workbook."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Call
from clusters_portal import clock
from clusters_portal.charts import Chart, DotRow, DotWords, dot_plot
from clusters_portal.downloads import workbook_response
from evaluation.exports import ranking_workbook
from evaluation.models import Grid
from evaluation.permissions.jury import (
    may_hold_deliberation,
    may_see_deliberation,
    may_see_ranking,
    seat_in,
)
from evaluation.queries.dossiers import recused_application_ids
from evaluation.queries.fingerprints import fingerprint
from evaluation.queries.grids import grid_rows
from evaluation.queries.ranking import evaluated, ranking_facts
from evaluation.queries.ranking_pages import PAGE_SIZE, KeptRanking, RankedRow
from evaluation.views.jury.access import jury_call, jury_page, require


@dataclass(frozen=True)
class RankingShown:
    """One row of the page: the kept figures, and what is read in the reader's language."""

    row: RankedRow
    name: str
    missed_titles: tuple[str, ...]


def _ranked_call(request: HttpRequest, code: str, *, at: datetime) -> Call:
    call = jury_call(request, code, at=at)
    require(may_see_ranking(request.user, call, at=at))
    return call


@require_safe
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = _ranked_call(request, code, at=at)
    told = fingerprint(call)
    page = Paginator(range(told.dossier_count), PAGE_SIZE).get_page(request.GET.get("page"))
    hidden = recused_application_ids(seat_in(request.user, call))
    kept = KeptRanking(call, told, lambda: ranking_facts(call))
    shown = kept.page(page.number, hidden=hidden)
    grid = grid_rows(call.pk)
    titles = {criterion.code: criterion.title for criterion, _subs in grid.criteria}
    names = dict(evaluated(call).filter(pk__in=[row.pk for row in shown.rows]).values_list("pk", "name"))
    lines = [
        RankingShown(row, names[row.pk], tuple(titles[code] for code in row.missed if code in titles))
        for row in shown.rows
        if row.pk in names
    ]
    context = {
        "lines": lines,
        "page_obj": page,
        "totals": shown.totals,
        "criteria": [criterion for criterion, _subs in grid.criteria],
        "grid": grid.grid,
        "ties": shown.ties,
        "hidden_count": shown.hidden_count,
        "chart": _plot(lines, grid.grid) if lines else None,
        "may_see_deliberation": may_see_deliberation(request.user, call, at=at),
        "may_hold": may_hold_deliberation(request.user, call),
    }
    return jury_page(request, "ranking", call, context, at=at)


@require_safe
def ranking_export(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    facts = ranking_facts(_ranked_call(request, code, at=at))
    lines = facts.lines(hidden=facts.hidden_from(request.user.pk))
    content = ranking_workbook(facts, lines, language=get_language() or "fr")
    return workbook_response(content, filename=f"classement-{facts.call.code}.xlsx")


def _plot(lines: list[RankingShown], grid: Grid | None) -> Chart:
    rows = [
        DotRow(
            label=f"{line.row.rank}. {line.name}" if line.row.rank else line.name,
            values=line.row.juror_totals,
            mean=line.row.total,
            passes=line.row.is_above,
            flag=str(_("à discuter")) if line.row.needs_discussion else "",
        )
        for line in lines
    ]
    return dot_plot(
        rows,
        ident="ranking-plot",
        title=_("Total de chaque dossier et totaux des membres du jury"),
        words=DotWords(
            label=_("Dossier"),
            mean=_("Total du dossier"),
            least=_("Plus bas"),
            greatest=_("Plus haut"),
            value=_("Total d'un membre, du plus bas au plus haut"),
        ),
        language=get_language() or "fr",
        cut=grid.pass_total if grid else None,
        cut_label=_("Seuil"),
    )
