"""What comes next in the life of a call, for whom, and where."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.enums import CallPhase
from applications.models import Call

Text = str | Promise


@dataclass(frozen=True)
class Act:
    """`url` is "" when the page is not this person's; `is_next` marks the act that the call waits for."""

    label: Text
    text: Text
    url: str
    who: Text
    is_next: bool = False


@dataclass(frozen=True)
class ActPage:
    label: Text
    text: Text
    page: str
    roles: frozenset[Role]
    is_next: bool = False


MANAGER = frozenset({Role.CALL_MANAGER})
OFFICERS = frozenset({Role.CASE_OFFICER})
SIGNERS = frozenset({Role.DECISION_MAKER})
READERS = frozenset({Role.CALL_MANAGER, Role.CASE_OFFICER, Role.DECISION_MAKER, Role.AUDITOR})

JURY = ActPage(
    _("Composer le jury"), _("Président, membres, suppléants."), "evaluation:jury-composition", MANAGER
)
EXTEND = ActPage(
    _("Prolonger la date limite"),
    _("Une version de plus, avec son motif ; toutes les équipes sont averties."),
    "applications:call-extend",
    MANAGER,
)
RECORD = ActPage(
    _("Procès-verbal de clôture"), _("Dépôts, horloge, service."), "applications:call-close", READERS
)
DOSSIERS = ActPage(_("Dossiers"), _("La liste de travail."), "applications:staff-dossiers", READERS)
DECISIONS = ActPage(_("Décisions"), _("La liste des décisions."), "evaluation:decisions", READERS)
RESULTS = ActPage(_("Résultats"), _("La page publique."), "evaluation:results", READERS)

ACTS: dict[CallPhase, tuple[ActPage, ...]] = {
    CallPhase.DRAFT: (
        ActPage(
            _("Vérifier et publier"),
            _("Ce qui manque, ce qui paraît anormal, puis la publication."),
            "evaluation:call-publish",
            MANAGER,
            is_next=True,
        ),
        ActPage(_("Aperçu"), _("L'appel tel que le public le lira."), "evaluation:call-preview", READERS),
        JURY,
    ),
    CallPhase.ANNOUNCED: (
        ActPage(
            _("Ouvrir le dépôt"),
            _("Maintenant, ou à un instant fixé."),
            "applications:call-launch",
            MANAGER,
            is_next=True,
        ),
        EXTEND,
        JURY,
    ),
    CallPhase.OPEN: (
        EXTEND,
        ActPage(
            _("Vérifier un récépissé"),
            _("Déposé ou non, d'après le numéro que donne le porteur."),
            "applications:deposit-lookup",
            READERS,
        ),
        JURY,
    ),
    CallPhase.AWAITING_CLOSING: (
        ActPage(
            _("Clore l'appel"),
            _("L'heure a fermé le dépôt ; l'acte en dresse le procès-verbal."),
            "applications:call-close",
            MANAGER,
            is_next=True,
        ),
        JURY,
    ),
    CallPhase.CLOSED: (
        ActPage(
            _("Ouvrir les plis"),
            _("Acte de deux instructeurs : l'un propose, l'autre confirme."),
            "applications:opening",
            OFFICERS,
            is_next=True,
        ),
        RECORD,
        JURY,
    ),
    CallPhase.OPENED: (
        ActPage(
            _("Instruire les dossiers"),
            _("Contrôles de recevabilité, ligne par ligne."),
            "applications:staff-dossiers",
            READERS,
            is_next=True,
        ),
        ActPage(
            _("Lancer l'évaluation"),
            _("Quand chaque dossier est recevable ou irrecevable."),
            "evaluation:jury-composition",
            MANAGER,
        ),
        RECORD,
    ),
    CallPhase.EVALUATION: (
        ActPage(
            _("Suivre le jury"),
            _("Qui a déclaré ses liens, qui a envoyé ses fiches ; jamais les notes."),
            "evaluation:jury-progress",
            MANAGER,
            is_next=True,
        ),
        DOSSIERS,
        RECORD,
    ),
    CallPhase.DELIBERATION: (
        ActPage(
            _("Délibération"),
            _("Classement, présences, résultats, procès-verbal."),
            "evaluation:jury-deliberation",
            READERS,
            is_next=True,
        ),
        DECISIONS,
        DOSSIERS,
        RECORD,
    ),
    CallPhase.DECIDED: (
        ActPage(
            _("Publier les résultats"),
            _("Les lettres deviennent visibles et les équipes sont averties."),
            "evaluation:publish-results",
            MANAGER,
            is_next=True,
        ),
        DECISIONS,
        DOSSIERS,
        RECORD,
    ),
    CallPhase.PUBLISHED: (RESULTS, DECISIONS, DOSSIERS, RECORD),
    CallPhase.ARCHIVED: (RESULTS, DECISIONS, DOSSIERS, RECORD),
    CallPhase.CANCELLED: (),
}


def next_acts(user, call: Call, *, at: datetime) -> list[Act]:
    """The pages of the phase, the awaited act first. A past call of the public record has none."""
    if call.is_historical:
        return []
    own = roles_of(user, at=at)
    return [
        Act(
            page.label,
            page.text,
            _url(page, call) if own & page.roles else "",
            ", ".join(str(role.label) for role in Role if role in page.roles),
            page.is_next,
        )
        for page in ACTS[call.phase(at=at)]
    ]


def _url(page: ActPage, call: Call) -> str:
    for arguments in ([call.code], []):
        try:
            return reverse(page.page, args=arguments)
        except NoReverseMatch:
            continue
    return ""
