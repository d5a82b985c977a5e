"""Whether an uploaded file is what it says and carries nothing that acts. The content decides, never the name.

Whatever a parser cannot digest is refused: a file that breaks our reader may break the jury's.
"""

import hashlib
import logging
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from clusters_portal.inspection.office_files import inspect_package
from clusters_portal.inspection.pdf_files import inspect_pdf
from clusters_portal.inspection.refusal import FileRefused

logger = logging.getLogger(__name__)

PDF, DOCX, XLSX = "pdf", "docx", "xlsx"
__all__ = ["CONTENT_TYPES", "FileRefused", "Inspected", "clean_filename", "inspect"]
CONTENT_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAX_NAME_LENGTH = 150


@dataclass(frozen=True)
class Inspected:
    format: str
    size: int
    sha256: str
    pages: int | None

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


def inspect(file: IO[bytes], *, allowed: set[str], max_bytes: int, name: str = "") -> Inspected:
    """Read a file from its beginning and say what it is; the file is left rewound. Raises FileRefused.

    `allowed` holds "pdf", "docx", "xlsx". With `name`, its ending must agree with the content.
    """
    content = _read(file, max_bytes)
    kind = _signature(content)
    pages: int | None = None
    if kind == PDF:
        pages = _guarded(inspect_pdf, content)
    else:
        kind = _guarded(inspect_package, content)
    if kind not in allowed:
        raise FileRefused(
            "format_not_accepted",
            _("Ce format (%(format)s) n'est pas accepté pour cette pièce. Formats acceptés : %(allowed)s.")
            % {"format": kind.upper(), "allowed": ", ".join(sorted(allowed)).upper()},
        )
    if name and not name.lower().rstrip(". ").endswith(f".{kind}"):
        raise FileRefused(
            "mislabelled",
            _(
                "Le nom de ce fichier ne correspond pas à son contenu, qui est au format %(format)s. "
                "Renommez-le ou enregistrez-le à nouveau, puis renvoyez-le."
            )
            % {"format": kind.upper()},
        )
    return Inspected(format=kind, size=len(content), sha256=hashlib.sha256(content).hexdigest(), pages=pages)


def clean_filename(name: str) -> str:
    """The name to show: composed accents, no path, no control or direction character, at most 150 characters."""
    name = unicodedata.normalize(
        "NFC", name.replace("\\", "/").rpartition("/")[2] if "/" in name or "\\" in name else name
    )
    # Cc controls, Cf direction and zero-width marks, Cs broken surrogates, Co private, Zl and Zp line ends.
    kept = "".join(
        char for char in name if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and 0 < len(ending) <= 10:
        kept = stem.rstrip(". ")[: MAX_NAME_LENGTH - len(ending) - 1] + "." + ending
    return kept[:MAX_NAME_LENGTH] or "document"


def _read(file: IO[bytes], max_bytes: int) -> bytes:
    file.seek(0)
    content = file.read(max_bytes + 1)
    file.seek(0)
    if not content:
        raise FileRefused(
            "empty",
            _("Ce fichier est vide. Vérifiez qu'il s'ouvre sur votre ordinateur puis envoyez-le à nouveau."),
        )
    if len(content) > max_bytes:
        raise FileRefused(
            "too_large",
            _(
                "Ce fichier dépasse %(limit)s Mo. Réduisez-le (par exemple en baissant la résolution) puis renvoyez-le."
            )
            % {"limit": f"{max_bytes / 1024 / 1024:.0f}"},
        )
    return content


def _signature(content: bytes) -> str:
    """`pdf` or `zip`. The signature must be at the first byte: a file that is two things at once is neither."""
    if content.startswith(b"%PDF-"):
        if _ends_as_zip(content):
            raise _refused_polyglot()
        return PDF
    if content.startswith(b"PK\x03\x04"):
        if b"%PDF-" in content[:1024]:
            raise _refused_polyglot()
        return "zip"
    raise FileRefused(
        "unknown_format",
        _(
            "Ce fichier n'est ni un PDF, ni un document Word (.docx), ni un classeur Excel (.xlsx), quel que soit "
            "son nom. Enregistrez-le dans l'un de ces formats puis renvoyez-le."
        ),
    )


def _ends_as_zip(content: bytes) -> bool:
    """A zip is read from its end: a directory there that points to real entries makes the PDF a zip too."""
    return b"PK\x05\x06" in content[-70_000:] and zipfile.is_zipfile(BytesIO(content))


def _refused_polyglot() -> FileRefused:
    return FileRefused(
        "polyglot",
        _(
            "Ce fichier mélange deux formats. Enregistrez à nouveau le document en PDF, puis envoyez cette copie."
        ),
    )


def _guarded(check: Any, content: bytes) -> Any:
    try:
        return check(content)
    except FileRefused:
        raise
    except Exception as error:
        logger.warning(
            "file refused by its parser", extra={"check": check.__name__, "reason": type(error).__name__}
        )
        raise FileRefused(
            "unreadable",
            _(
                "Ce fichier est abîmé ou incomplet. Ouvrez-le sur votre ordinateur, enregistrez-en une copie, "
                "puis envoyez-la."
            ),
        ) from error
