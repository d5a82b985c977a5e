"""Every URL that accepts a POST: who owns it, in which phase, and on which page its form is.

`PLACES[phase][url] = (role, page)`; `page` is "" where the form is on the URL's own page.
"""

from dataclasses import dataclass

MANAGER, OFFICER, CHAIR, JUROR = "call_manager", "case_officer", "chair", "juror"
APPLICANT, SIGNER, ADMINISTRATOR = "applicant", "decision_maker", "administrator"

PLACES: dict[str, dict[str, tuple[str, str]]] = {
    "draft": {
        "set_language": ("anonymous", "accessibility"),
        "accounts:read_all": (APPLICANT, "accounts:inbox"),
        "accounts:open_notice": (APPLICANT, "accounts:inbox"),
        "accounts:read_notice": (APPLICANT, "accounts:inbox"),
        "accounts:profile": (APPLICANT, ""),
        "accounts:new_person": (ADMINISTRATOR, ""),
        "accounts:grant": (ADMINISTRATOR, "accounts:person"),
        "accounts:revoke": (ADMINISTRATOR, "accounts:person"),
        "accounts:deactivate_person": (ADMINISTRATOR, "accounts:person"),
        "accounts:reactivate_person": (ADMINISTRATOR, "accounts:person"),
        "evaluation:call-create": (MANAGER, ""),
        "evaluation:call-grid": (MANAGER, ""),
        "evaluation:call-criterion": (MANAGER, ""),
        "evaluation:call-publish": (MANAGER, ""),
        "evaluation:jury-composition": (MANAGER, ""),
        "applications:call-texts": (MANAGER, ""),
        "applications:call-dates": (MANAGER, ""),
        "applications:call-scope": (MANAGER, ""),
        "applications:call-support": (MANAGER, ""),
        "applications:call-pieces": (MANAGER, ""),
        "applications:register-fact-confirm": (MANAGER, "applications:register-facts"),
    },
    "announced": {"applications:call-launch": (MANAGER, "")},
    "open": {
        "applications:dossier_start": ("auditor", ""),
        "applications:team_invitation": (APPLICANT, ""),
        "applications:section": (APPLICANT, ""),
        "applications:document_add": (APPLICANT, "applications:documents"),
        "applications:document_remove": (APPLICANT, "applications:documents"),
        "applications:document_restore": (APPLICANT, "applications:documents"),
        "applications:deposit": (APPLICANT, ""),
        "applications:withdrawal": (APPLICANT, ""),
        "applications:withdrawal_undo": (APPLICANT, "applications:dossier"),
        "applications:team": (APPLICANT, ""),
        "applications:team_seat": (APPLICANT, ""),
        "applications:team_revoke": (APPLICANT, "applications:team"),
        "applications:call-extend": (MANAGER, ""),
        "applications:call-cancel": (MANAGER, ""),
        "evaluation:jury-role": (MANAGER, "evaluation:jury-composition"),
        "evaluation:jury-remove": (MANAGER, "evaluation:jury-composition"),
    },
    "awaiting": {"applications:call-close": (MANAGER, "")},
    "closed": {
        "applications:opening-propose": (MANAGER, "applications:opening"),
        "applications:opening-confirm": (OFFICER, "applications:opening"),
        "applications:opening-withdraw": (MANAGER, "applications:opening"),
    },
    "opened": {
        "applications:check-answer": (OFFICER, "applications:staff-dossier"),
        "applications:check-second": (OFFICER, "applications:staff-dossier"),
        "applications:settle": (OFFICER, "applications:staff-dossier"),
        "applications:settle-confirm": (OFFICER, "applications:staff-dossier"),
        "applications:settle-withdraw": (OFFICER, "applications:staff-dossier"),
        "evaluation:jury-start": (MANAGER, "evaluation:jury-composition"),
    },
    "evaluation": {
        "evaluation:jury-sheet": (JUROR, ""),
        "evaluation:jury-late-declaration": (JUROR, ""),
        "evaluation:jury-declarations": (JUROR, ""),
        "evaluation:jury-rule": (CHAIR, "evaluation:jury-links"),
        "evaluation:jury-assign": (CHAIR, "evaluation:jury-progress"),
        "evaluation:jury-readers": (CHAIR, ""),
        "evaluation:jury-close": (CHAIR, ""),
    },
    "deliberation": {
        "evaluation:jury-deliberation": (CHAIR, ""),
        "evaluation:jury-settle-all": (CHAIR, "evaluation:jury-deliberation"),
        "evaluation:jury-sign": (CHAIR, "evaluation:jury-deliberation"),
        "evaluation:jury-outcome": (CHAIR, ""),
    },
    "proposed": {
        "evaluation:sign-all": (SIGNER, "evaluation:decisions"),
        "evaluation:decision-amend": (MANAGER, "evaluation:decision"),
        "evaluation:decision-sign": (SIGNER, "evaluation:decision"),
    },
    "decided": {
        "evaluation:letters-retry": (MANAGER, "evaluation:letters"),
        "evaluation:publish-results": (MANAGER, "evaluation:decisions"),
    },
    "published": {"evaluation:acknowledge": (APPLICANT, "evaluation:my-decision")},
}


# What a successful post writes without a line in the trail: drafts, and what concerns its reader alone.
WITHOUT_TRAIL = {
    "set_language",
    "accounts:read_all",
    "accounts:open_notice",
    "accounts:read_notice",
    "applications:section",
}


# Where the rehearsal's page shows no form (nothing to retry, not this person's turn, done already): its fields.
FORMLESS: dict[str, tuple[str, ...]] = {
    "accounts:reactivate_person": ("reason",),
    "applications:check-second": (),
    "applications:deposit": ("signatory", "capacity", "declared", "token"),
    "applications:document_restore": (),
    "applications:dossier_start": (),
    "applications:opening-confirm": (),
    "applications:opening-withdraw": (),
    "applications:settle-confirm": (),
    "applications:settle-withdraw": (),
    "applications:team_invitation": (),
    "applications:withdrawal_undo": (),
    "evaluation:acknowledge": (),
    "evaluation:call-publish": ("opening", "opens_on", "opens_time"),
    "evaluation:jury-assign": (),
    "evaluation:jury-close": ("confirmation",),
    "evaluation:jury-declarations": (),
    "evaluation:jury-sign": ("confirmation",),
    "evaluation:jury-start": (),
    "evaluation:letters-retry": (),
    "evaluation:publish-results": (),
}


@dataclass(frozen=True)
class Place:
    url: str
    role: str
    page: str


def places(phase: str) -> list[Place]:
    return [Place(url, role, page) for url, (role, page) in PLACES[phase].items()]


def every_url() -> set[str]:
    return {url for rows in PLACES.values() for url in rows}
