"""Who may read what: declarations, rulings, hints of a tie, and whether enough jurors remain."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluation.enums import DeclarationKind, JuryRole, LinkRuling


@dataclass(frozen=True)
class Declaration:
    """What one juror declared about one dossier; `ruling` is empty until a link has been ruled."""

    juror: str
    dossier: str
    kind: DeclarationKind
    reason: str = ""
    ruling: LinkRuling | str = ""


class ReadingBlocker(StrEnum):
    NOT_SEATED = "not_seated"
    CHARTER_NOT_SIGNED = "charter_not_signed"
    NOT_DECLARED = "not_declared"
    RECUSED = "recused"
    LINK_AWAITS_RULING = "link_awaits_ruling"
    NOT_ASSIGNED = "not_assigned"
    ROUND_NOT_STARTED = "round_not_started"


def is_recused(declaration: Declaration | None) -> bool:
    """A conflict recuses at once; a link recuses when it has been ruled so."""
    if declaration is None:
        return False
    return declaration.kind == DeclarationKind.CONFLICT or (
        declaration.kind == DeclarationKind.LINK and declaration.ruling == LinkRuling.RECUSE
    )


def is_cleared(declaration: Declaration | None) -> bool:
    """No tie, or a link that was ruled harmless. Neither cleared nor recused: something is still awaited."""
    if declaration is None:
        return False
    return declaration.kind == DeclarationKind.NONE or (
        declaration.kind == DeclarationKind.LINK and declaration.ruling == LinkRuling.KEEP
    )


def reading_blockers(
    declaration: Declaration | None,
    *,
    is_assigned: bool,
    is_seated: bool = True,
    has_signed_charter: bool = True,
    is_round_started: bool = True,
) -> tuple[ReadingBlocker, ...]:
    """Why a juror may not read a dossier, in the order in which it can be cured; empty means reading is allowed."""
    blockers = []
    if not is_seated:
        blockers.append(ReadingBlocker.NOT_SEATED)
    if not has_signed_charter:
        blockers.append(ReadingBlocker.CHARTER_NOT_SIGNED)
    if declaration is None:
        blockers.append(ReadingBlocker.NOT_DECLARED)
    elif is_recused(declaration):
        blockers.append(ReadingBlocker.RECUSED)
    elif not is_cleared(declaration):
        blockers.append(ReadingBlocker.LINK_AWAITS_RULING)
    if not is_assigned:
        blockers.append(ReadingBlocker.NOT_ASSIGNED)
    if not is_round_started:
        blockers.append(ReadingBlocker.ROUND_NOT_STARTED)
    return tuple(blockers)


def may_read(
    declaration: Declaration | None,
    *,
    is_assigned: bool,
    is_seated: bool = True,
    has_signed_charter: bool = True,
    is_round_started: bool = True,
) -> bool:
    return not reading_blockers(
        declaration,
        is_assigned=is_assigned,
        is_seated=is_seated,
        has_signed_charter=has_signed_charter,
        is_round_started=is_round_started,
    )


class DeclarationProblem(StrEnum):
    REASON_MISSING = "reason_missing"
    CONFLICT_IS_FINAL = "conflict_is_final"
    ALREADY_RULED = "already_ruled"


def declaration_problems(
    kind: DeclarationKind, reason: str, *, previous: Declaration | None = None
) -> tuple[DeclarationProblem, ...]:
    """A tie is explained. A conflict is never taken back; a ruled link can only become a conflict."""
    problems = []
    if kind != DeclarationKind.NONE and not reason.strip():
        problems.append(DeclarationProblem.REASON_MISSING)
    if previous is not None and kind != DeclarationKind.CONFLICT:
        if previous.kind == DeclarationKind.CONFLICT:
            problems.append(DeclarationProblem.CONFLICT_IS_FINAL)
        elif previous.ruling:
            problems.append(DeclarationProblem.ALREADY_RULED)
    return tuple(problems)


class RulingProblem(StrEnum):
    NOT_A_LINK = "not_a_link"
    ALREADY_RULED = "already_ruled"
    REASON_MISSING = "reason_missing"
    OWN_LINK = "own_link"
    NOT_THE_CHAIR = "not_the_chair"
    CHAIR_LINK_GOES_TO_MANAGER = "chair_link_goes_to_manager"


def ruling_problems(
    declaration: Declaration,
    reason: str,
    *,
    juror_role: JuryRole,
    is_own: bool,
    by_chair: bool,
    by_call_manager: bool,
) -> tuple[RulingProblem, ...]:
    """The chair rules the links of the others, the call manager those of the chair; nobody his or her own."""
    problems = []
    if declaration.kind != DeclarationKind.LINK:
        problems.append(RulingProblem.NOT_A_LINK)
    elif declaration.ruling:
        problems.append(RulingProblem.ALREADY_RULED)
    if not reason.strip():
        problems.append(RulingProblem.REASON_MISSING)
    if is_own:
        problems.append(RulingProblem.OWN_LINK)
    elif juror_role == JuryRole.CHAIR and not by_call_manager:
        problems.append(RulingProblem.CHAIR_LINK_GOES_TO_MANAGER)
    elif juror_role != JuryRole.CHAIR and not by_chair:
        problems.append(RulingProblem.NOT_THE_CHAIR)
    return tuple(problems)


class HintKind(StrEnum):
    SAME_EMAIL_DOMAIN = "same_email_domain"
    SAME_ORGANISATION = "same_organisation"
    SAME_PERSON = "same_person"


@dataclass(frozen=True)
class Hint:
    """A likeness that a juror is asked to look at before declaring; `detail` quotes the dossier's side."""

    kind: HintKind
    detail: str


@dataclass(frozen=True)
class JurorIdentity:
    name: str
    email: str
    organisation: str = ""


@dataclass(frozen=True)
class DossierParties:
    """Everyone named on the page that a juror reads before declaring."""

    organisations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


# Mailbox providers say nothing about an employer.
PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.fr",
        "icloud.com",
        "laposte.net",
        "live.com",
        "live.fr",
        "menara.ma",
        "msn.com",
        "outlook.com",
        "outlook.fr",
        "proton.me",
        "protonmail.com",
        "yahoo.com",
        "yahoo.fr",
    }
)


def conflict_hints(juror: JurorIdentity, parties: DossierParties) -> tuple[Hint, ...]:
    """Likenesses between a juror and the parties of a dossier. They inform; they never recuse by themselves."""
    hints = []
    domain = email_domain(juror.email)
    if domain and domain not in PUBLIC_MAIL_DOMAINS:
        hints += [
            Hint(HintKind.SAME_EMAIL_DOMAIN, email)
            for email in parties.emails
            if _same_domain(domain, email_domain(email))
        ]
    hints += [
        Hint(HintKind.SAME_ORGANISATION, organisation)
        for organisation in parties.organisations
        if _same_name(juror.organisation, organisation)
    ]
    hints += [
        Hint(HintKind.SAME_PERSON, person)
        for person in parties.people
        if _same_name(juror.name, person, in_any_order=True)
    ]
    return tuple(dict.fromkeys(hints))


def email_domain(email: str) -> str:
    _local, at_sign, domain = email.strip().rpartition("@")
    return domain.lower().rstrip(".") if at_sign else ""


def _same_domain(one: str, other: str) -> bool:
    """The same domain, or one under the other: a laboratory under its university."""
    return bool(other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _same_name(one: str, other: str, *, in_any_order: bool = False) -> bool:
    words, other_words = _words(one), _words(other)
    if in_any_order:
        words, other_words = sorted(words), sorted(other_words)
    return bool(words) and words == other_words


def _words(name: str) -> list[str]:
    """Lower case, no accents, no punctuation: "S.A. Démo" and "sa demo" are alike."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).replace(".", "")
    return re.findall(r"\w+", plain)


@dataclass(frozen=True)
class QuorumFinding:
    """`eligible` jurors are cleared; `pending` have yet to declare or be ruled. `missing` counts those still short.

    `out_of_reach` says that not even all pending jurors would make the quorum: a substitute has to step in.
    """

    dossier: str
    eligible: tuple[str, ...]
    pending: tuple[str, ...]
    quorum: int

    @property
    def missing(self) -> int:
        return max(0, self.quorum - len(self.eligible))

    @property
    def is_met(self) -> bool:
        return not self.missing

    @property
    def out_of_reach(self) -> bool:
        return len(self.eligible) + len(self.pending) < self.quorum


def index_declarations(declarations: Iterable[Declaration]) -> dict[tuple[str, str], Declaration]:
    """By (juror, dossier)."""
    return {(given.juror, given.dossier): given for given in declarations}


def quorum_findings(
    dossiers: Sequence[str],
    jurors: Collection[str],
    declarations: Mapping[tuple[str, str], Declaration],
    *,
    quorum: int,
) -> tuple[QuorumFinding, ...]:
    """One finding per dossier over the seated jurors (substitutes count once they sit)."""
    findings = []
    for dossier in dossiers:
        given = {juror: declarations.get((juror, dossier)) for juror in sorted(jurors)}
        findings.append(
            QuorumFinding(
                dossier=dossier,
                eligible=tuple(juror for juror, one in given.items() if is_cleared(one)),
                pending=tuple(
                    juror for juror, one in given.items() if not is_cleared(one) and not is_recused(one)
                ),
                quorum=quorum,
            )
        )
    return tuple(findings)
