"""The membership line: how many members, how many of them firms, and a research or training body among them.

A member counts once. Rows with the same ICE are one member; so is a row without ICE and any row of the same name.
Where the rows of one member name different types, or none, the least and the greatest reading decide.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from applications.domain.eligibility import LineFinding, RuleSource, line_finding
from applications.domain.ice import check_ice
from applications.domain.wording import MEMBER_AR, counted_ar, counted_fr
from applications.enums import EligibilityLine, Finding, MemberType

Bounds = tuple[int, int]
Verdict = tuple[bool, bool]  # on the least reading, then on the greatest

FIRMS = frozenset({MemberType.LARGE_FIRM, MemberType.SME, MemberType.STARTUP})
KNOWLEDGE = frozenset({MemberType.RESEARCH, MemberType.TRAINING})


@dataclass(frozen=True, slots=True)
class MembershipSettings:
    """Numbers of 2011, whose force today no source tells: settings of the call, with their source."""

    minimum_members: int = 15
    minimum_firm_percent: int = 60
    minimum_knowledge_bodies: int = 1
    source: RuleSource = field(default_factory=RuleSource)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the members table; `type` is None where it was not given."""

    name: str
    type: MemberType | None = None
    ice: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One member, with every type that its lines give and how many lines it had."""

    name: str
    types: frozenset[MemberType]
    rows: int

    def is_surely(self, types: frozenset[MemberType]) -> bool:
        return bool(self.types) and self.types <= types

    def may_be(self, types: frozenset[MemberType]) -> bool:
        return not self.types or bool(self.types & types)


def name_key(name: str) -> str:
    """Names alike but for case, accents, Arabic vowels and lengthening, punctuation and spacing have one key."""
    text = unicodedata.normalize("NFKD", name).casefold().replace("ـ", "")
    kept = [
        " " if not character.isalnum() else character
        for character in text
        if not unicodedata.combining(character)
    ]
    return " ".join("".join(kept).split())


def distinct_members(rows: Iterable[MemberRow]) -> tuple[Member, ...]:
    """Each member once, whatever the order of the rows; lines without a name and an ICE are no member."""
    numbered: dict[str, list[MemberRow]] = {}
    named: dict[str, list[MemberRow]] = {}
    for row in rows:
        check = check_ice(row.ice)
        if check.identifies:
            numbered.setdefault(check.number, []).append(row)
        elif name_key(row.name):
            named.setdefault(name_key(row.name), []).append(row)
    owners: dict[str, list[str]] = {}
    for number, group in numbered.items():
        for key in sorted({name_key(row.name) for row in group} - {""}):
            owners.setdefault(key, []).append(number)
    for key, group in named.items():
        if len(owners.get(key, ())) == 1:
            numbered[owners[key][0]] = numbered[owners[key][0]] + group
    alone = [group for key, group in named.items() if key not in owners]
    return tuple(
        sorted((_member(group) for group in [*numbered.values(), *alone]), key=lambda m: (m.name, m.rows))
    )


def _member(group: Sequence[MemberRow]) -> Member:
    return Member(
        name=min(row.name.strip() for row in group),
        types=frozenset(row.type for row in group if row.type is not None),
        rows=len(group),
    )


def membership(rows: Iterable[MemberRow], *, settings: MembershipSettings) -> LineFinding:
    rows = tuple(rows)
    members = distinct_members(rows)
    total = len(members)
    firms = _bounds(members, FIRMS)
    knowledge = _bounds(members, KNOWLEDGE)
    percent = settings.minimum_firm_percent
    enough = total >= settings.minimum_members
    verdicts = (
        (enough, enough),
        (_share_is(firms[0], total, percent), _share_is(firms[1], total, percent)),
        (
            knowledge[0] >= settings.minimum_knowledge_bodies,
            knowledge[1] >= settings.minimum_knowledge_bodies,
        ),
    )
    return line_finding(
        EligibilityLine.MEMBERSHIP,
        _verdict(verdicts),
        settings.source,
        facts={
            "rows": len(rows),
            "members": total,
            "counted_once": [member.name for member in members if member.rows > 1],
            "uncertain_types": [member.name for member in members if len(member.types) != 1],
            "firms": {"min": firms[0], "max": firms[1]},
            "knowledge_bodies": {"min": knowledge[0], "max": knowledge[1]},
            "minimum_members": settings.minimum_members,
            "minimum_firm_percent": percent,
            "minimum_knowledge_bodies": settings.minimum_knowledge_bodies,
        },
        reasons=(
            _reason_fr(total, firms, knowledge, verdicts, settings),
            _reason_ar(total, firms, knowledge, verdicts, settings),
        ),
    )


def _share_is(count: int, total: int, percent: int) -> bool:
    return total > 0 and count * 100 >= percent * total


def _bounds(members: Sequence[Member], types: frozenset[MemberType]) -> Bounds:
    return (
        sum(member.is_surely(types) for member in members),
        sum(member.may_be(types) for member in members),
    )


def _verdict(verdicts: Sequence[Verdict]) -> Finding:
    if all(least for least, _greatest in verdicts):
        return Finding.MET
    if all(greatest for _least, greatest in verdicts):
        return Finding.TO_VERIFY
    return Finding.NOT_MET


def _range_fr(bounds: Bounds) -> str:
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]} à {bounds[1]}"


def _range_ar(bounds: Bounds) -> str:
    return str(bounds[0]) if bounds[0] == bounds[1] else f"من {bounds[0]} إلى {bounds[1]}"


def _mark_fr(verdict: Verdict) -> str:
    return {(True, True): "satisfait", (False, True): "à vérifier"}.get(verdict, "non satisfait")


def _mark_ar(verdict: Verdict) -> str:
    return {(True, True): "مستوفى", (False, True): "يتعين التحقق منه"}.get(verdict, "غير مستوفى")


def _reason_fr(
    total: int, firms: Bounds, knowledge: Bounds, verdicts: Sequence[Verdict], settings: MembershipSettings
) -> str:
    share = "moins de" if not verdicts[1][1] else "au moins" if verdicts[1][0] else "peut-être"
    return (
        f"{counted_fr(total, 'membre compté', 'membres comptés')} une seule fois, pour {settings.minimum_members} "
        f"exigés : {_mark_fr(verdicts[0])}. Entreprises : {_range_fr(firms)} sur {total}, soit {share} "
        f"{settings.minimum_firm_percent} % : {_mark_fr(verdicts[1])}. Organismes de recherche ou de formation : "
        f"{_range_fr(knowledge)}, pour {settings.minimum_knowledge_bodies} exigé"
        f"{'s' if settings.minimum_knowledge_bodies > 1 else ''} : {_mark_fr(verdicts[2])}."
    )


def _reason_ar(
    total: int, firms: Bounds, knowledge: Bounds, verdicts: Sequence[Verdict], settings: MembershipSettings
) -> str:
    members = counted_ar(total, MEMBER_AR) if total else "0 عضو"
    share = "أقل من" if not verdicts[1][1] else "ما لا يقل عن" if verdicts[1][0] else "ربما"
    return (
        f"عدد الأعضاء مع احتساب كل عضو مرة واحدة: {members}، والحد الأدنى {settings.minimum_members}: "
        f"{_mark_ar(verdicts[0])}. المقاولات: {_range_ar(firms)} من أصل {total}، أي {share} "
        f"{settings.minimum_firm_percent}٪: {_mark_ar(verdicts[1])}. هيئات البحث أو التكوين: {_range_ar(knowledge)}، "
        f"والحد الأدنى {settings.minimum_knowledge_bodies}: {_mark_ar(verdicts[2])}."
    )
