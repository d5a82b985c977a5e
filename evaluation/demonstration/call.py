"""The rehearsed call: a copy of the 2024 edition, confirmed section by section, published and opened at once."""

from datetime import datetime

from accounts.models import User
from applications.actions.calls import replace_pieces, update_section
from applications.actions.deadlines import set_first_deadline
from applications.domain.call_settings import DEFAULT_PIECES, CallSection
from applications.enums import SupportCount, SupportReference
from applications.models import Call
from evaluation.actions.calls import (
    CRITERION_FIELDS,
    GRID_FIELDS,
    create_call_from,
    publish_call,
    update_grid,
)
from evaluation.demonstration.phases import CLOSING_TIME, Timeline
from evaluation.models import Grid

SOURCE_CODE = "AAP-CL-2024"
PREFIX = "DEMO"
TEXT_FR = (
    "Appel à projets fictif, copié de l'édition 2024 pour une démonstration : il ne donne droit à rien.\n\n"
    "Il s'adresse aux clusters nouveaux, et aux clusters existants dont le soutien de l'État a dépassé huit ans. "
    "Les dossiers se déposent sur ce portail avant la date limite, heure de Rabat. Un jury les note selon trois "
    "critères publiés : stratégie de développement, innovation collaborative, visibilité internationale."
)
TEXT_AR = (
    "طلب مشاريع تجريبي منسوخ من دورة 2024، ولا يترتب عليه أي حق.\n\n"
    "وهو موجه إلى التجمعات الجديدة وإلى التجمعات القائمة التي تجاوز دعم الدولة لها ثماني سنوات. "
    "تودع الملفات على هذه البوابة قبل الأجل المحدد بتوقيت الرباط، وتقيمها لجنة تحكيم وفق ثلاثة معايير منشورة: "
    "استراتيجية التنمية، والابتكار التعاوني، والإشعاع الدولي."
)
ARTICLES = {
    "membership_article": "Article 5 du cahier des charges (démonstration)",
    "pieces_article": "Article 7 du cahier des charges (démonstration)",
    "support_article": "Article 4 du cahier des charges (démonstration)",
}


def next_code(year: int) -> str:
    prefix = f"{PREFIX}-{year}-"
    numbers = [
        int(tail)
        for code in Call.objects.filter(code__startswith=prefix).values_list("code", flat=True)
        if (tail := code.removeprefix(prefix)).isdigit()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"


def draft_call(when: Timeline, *, jurors: int, by: User) -> Call:
    """A draft ready to be published: every proposed section has been confirmed by the call manager."""
    at = when.day(-45)
    code = next_code(when.wall_on.year)
    number = code.rpartition("-")[2]
    call = create_call_from(
        Call.objects.filter(code=SOURCE_CODE).first(),
        code=code,
        year=when.wall_on.year,
        title_fr=f"Appel à projets clusters — démonstration {number}",
        title_ar=f"طلب مشاريع التجمعات – عرض تجريبي {number}",
        by=by,
        at=at,
        is_demonstration=True,
    )
    texts = {"text_fr": TEXT_FR, "text_ar": TEXT_AR, "contact_email": "contact@demo.example"}
    support = {
        "support_count": SupportCount.SINCE_FIRST_LABEL,
        "support_reference": SupportReference.FIRST_DEADLINE,
        "support_article": ARTICLES["support_article"],
    }
    scope = {name: ARTICLES[name] for name in ("membership_article", "pieces_article")}
    _update(call, CallSection.TEXTS, texts, by=by, at=at)
    set_first_deadline(
        call, wall_on=when.wall_on, wall_time=CLOSING_TIME, version=_version(call), by=by, at=at
    )
    _update(call, CallSection.SCOPE, scope, by=by, at=at)
    _update(call, CallSection.SUPPORT, support, by=by, at=at)
    replace_pieces(call, DEFAULT_PIECES, version=_version(call), by=by, at=at)
    _confirm_grid(call, jurors=jurors, by=by, at=at)
    call.refresh_from_db()
    return call


def open_call(call: Call, when: Timeline, *, by: User) -> Call:
    at = when.day(-40)
    return publish_call(call, by=by, at=at, opens_at=at)


def _update(call: Call, section: CallSection, changes: dict, *, by: User, at: datetime) -> None:
    update_section(call, section, version=_version(call), changes=changes, by=by, at=at)


def _version(call: Call) -> int:
    return Call.objects.values_list("version", flat=True).get(pk=call.pk)


def _confirm_grid(call: Call, *, jurors: int, by: User, at: datetime) -> None:
    """The grid as proposed; a small jury could not keep its quorum once somebody declares a conflict."""
    grid = Grid.objects.get(call=call)
    settings = {name: getattr(grid, name) for name in GRID_FIELDS}
    settings["quorum"] = max(1, min(grid.quorum, jurors - 1))
    criteria = {
        criterion.code: {name: getattr(criterion, name) for name in CRITERION_FIELDS}
        for criterion in grid.criteria.all()
    }
    update_grid(call, version=_version(call), settings=settings, criteria=criteria, by=by, at=at)
