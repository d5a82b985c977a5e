"""How the trail calls the acts of this layer."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "jury.appointed": _("Membre du jury nommé"),
    "jury.role_changed": _("Rôle au jury changé"),
    "jury.removed": _("Membre du jury retiré"),
    "jury.assigned": _("Dossiers affectés au jury"),
    "jury.readers_set": _("Lecteurs d'un dossier fixés"),
    "declaration.made": _("Déclaration d'intérêts"),
    "declaration.ruled": _("Lien tranché"),
    "sheet.started": _("Fiche d'évaluation commencée"),
    "sheet.sent": _("Fiche d'évaluation envoyée"),
    "round.closed": _("Notes arrêtées"),
    "deliberation.meeting_recorded": _("Séance de délibération consignée"),
    "deliberation.consensus_entered": _("Note de consensus inscrite"),
    "deliberation.consensus_withdrawn": _("Note de consensus retirée"),
    "deliberation.outcome_settled": _("Issue d'un dossier arrêtée"),
    "deliberation.settled_by_ranking": _("Issues arrêtées d'après le classement"),
    "deliberation.signed": _("Délibération signée"),
    "decision.proposed": _("Décision proposée"),
    "decision.amended": _("Motifs modifiés"),
    "decision.signed": _("Décision signée"),
    "letter.numbered": _("Lettre numérotée"),
    "letter.rendered": _("Lettre éditée"),
    "letter.acknowledged": _("Lettre reçue (accusé de réception)"),
    "letters.retried": _("Lettres en échec relancées"),
}
