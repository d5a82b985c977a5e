"""The parts of a call that its manager edits while it is a draft, and what the portal proposes for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from applications.enums import FileFormat, Track

MEBIBYTE = 1024 * 1024


class CallSection(StrEnum):
    """Also the marks kept in `Call.assumed`: a section named there was proposed by the portal and not yet confirmed."""

    TEXTS = "texts"
    DATES = "dates"
    SCOPE = "scope"
    SUPPORT = "support"
    PIECES = "pieces"
    GRID = "grid"


def unconfirmed(assumed: Iterable[str]) -> tuple[CallSection, ...]:
    """The sections still as the portal proposed them, in the order of the editor."""
    marks = set(assumed)
    return tuple(section for section in CallSection if section.value in marks)


def confirmed(assumed: Iterable[str], section: CallSection) -> list[str]:
    """`Call.assumed` once a person has saved the section."""
    return [mark for mark in assumed if mark != section.value]


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """One required piece. `is_administrative` False means that the jury marks it: it is never asked for again."""

    code: str
    name_fr: str
    name_ar: str = ""
    hint_fr: str = ""
    hint_ar: str = ""
    tracks: tuple[str, ...] = (Track.NEW.value, Track.EXISTING.value)
    formats: tuple[str, ...] = (FileFormat.PDF.value, FileFormat.DOCX.value, FileFormat.XLSX.value)
    maximum_bytes: int = 25 * MEBIBYTE
    is_mandatory: bool = True
    is_administrative: bool = True
    allows_several: bool = False


_PDF = (FileFormat.PDF.value,)
_EXISTING = (Track.EXISTING.value,)

# The 2020 notice named the statutes and the sworn statement; the rest follows the sections of the dossier.
DEFAULT_PIECES: tuple[PieceFacts, ...] = (
    PieceFacts("statuts", "Statuts", "النظام الأساسي", formats=_PDF),
    PieceFacts(
        "recepisse",
        "Récépissé de dépôt (provisoire ou définitif)",
        "وصل الإيداع (المؤقت أو النهائي)",
        "Un cluster en cours de création joint le récépissé provisoire dès qu'il l'a.",
        "يرفق التجمع قيد الإحداث الوصل المؤقت فور توصله به.",
        formats=_PDF,
        is_mandatory=False,
    ),
    PieceFacts(
        "pv-assemblee",
        "Procès-verbal de l'assemblée constitutive ou élective",
        "محضر الجمع العام التأسيسي أو الانتخابي",
        formats=_PDF,
    ),
    PieceFacts("declaration-honneur", "Déclaration sur l'honneur", "التصريح بالشرف", formats=_PDF),
    PieceFacts(
        "engagements-membres",
        "Lettres d'engagement des membres",
        "رسائل التزام الأعضاء",
        "Une seule pièce réunissant les lettres, ou plusieurs pièces.",
        "وثيقة واحدة تجمع الرسائل أو عدة وثائق.",
        formats=_PDF,
        allows_several=True,
    ),
    PieceFacts(
        "plan-developpement",
        "Plan de développement sur trois à cinq ans",
        "مخطط التنمية على مدى ثلاث إلى خمس سنوات",
        is_administrative=False,
    ),
    PieceFacts(
        "fiches-projets",
        "Fiches des projets collaboratifs",
        "بطاقات المشاريع التعاونية",
        is_administrative=False,
        allows_several=True,
    ),
    PieceFacts(
        "budget",
        "Budget prévisionnel détaillé",
        "الميزانية التوقعية المفصلة",
        formats=(FileFormat.PDF.value, FileFormat.XLSX.value),
        is_administrative=False,
    ),
    PieceFacts(
        "bilan",
        "Bilan d'activité et rapports financiers",
        "حصيلة الأنشطة والتقارير المالية",
        tracks=_EXISTING,
        is_administrative=False,
        allows_several=True,
    ),
)
