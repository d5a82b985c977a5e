"""The ranking, once the chair has closed the round: page and workbook."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters_portal import clock
from clusters_portal.charts import Chart, DotRow, DotWords, dot_plot
from clusters_portal.downloads import workbook_response
from evaluation.domain.scoring import display
from evaluation.exports import ranking_workbook
from evaluation.permissions.jury import may_hold_deliberation, may_see_deliberation, may_see_ranking
from evaluation.queries.ranking import RankingFacts, RankingLine, ranking_facts
from evaluation.views.jury.access import jury_call, jury_page, require


def _facts(request: HttpRequest, code: str, *, at: datetime) -> tuple[RankingFacts, list[RankingLine]]:
    call = jury_call(request, code, at=at)
    require(may_see_ranking(request.user, call, at=at))
    facts = ranking_facts(call)
    return facts, facts.lines(hidden=facts.hidden_from(request.user.pk))


@require_safe
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    facts, lines = _facts(request, code, at=at)
    seen = {str(line.application.pk) for line in lines}
    context = {
        "lines": lines,
        "criteria": [criterion for criterion, _subs in facts.rows.criteria],
        "grid": facts.rows.grid,
        "ties": [tie for tie in facts.ranking.ties if seen.issuperset(tie.dossiers)],
        "to_discuss": [line for line in lines if line.row.needs_discussion],
        "fragile_count": sum(line.stability.is_fragile for line in lines),
        "above_count": sum(line.is_above for line in lines),
        "hidden_count": len(facts.applications) - len(lines),
        "chart": _plot(facts, lines) if lines else None,
        "may_see_deliberation": may_see_deliberation(request.user, facts.call, at=at),
        "may_hold": may_hold_deliberation(request.user, facts.call),
    }
    return jury_page(request, "ranking", facts.call, context, at=at)


@require_safe
def ranking_export(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    facts, lines = _facts(request, code, at=at)
    content = ranking_workbook(facts, lines, language=get_language() or "fr")
    return workbook_response(content, filename=f"classement-{facts.call.code}.xlsx")


def _plot(facts: RankingFacts, lines: list[RankingLine]) -> Chart:
    rows = [
        DotRow(
            label=f"{line.row.rank}. {line.application.name}" if line.row.rank else line.application.name,
            values=tuple(display(value) for _juror, value in line.row.juror_totals),
            mean=line.total,
            passes=line.is_above,
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
        cut=facts.rows.grid.pass_total if facts.rows.grid else None,
        cut_label=_("Seuil"),
    )
