import zipfile
from io import BytesIO
from typing import Any

from defusedxml import ElementTree
from django.utils.translation import gettext_lazy as _

from clusters_portal.inspection.refusal import FileRefused

DOCX, XLSX = "docx", "xlsx"
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_PART_BYTES = 20 * 1024 * 1024  # of the parts that are read here: content types and relations
_MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_ACTIVE_WORDS = (
    "vbaproject",
    "vbadata",
    "activex",
    "oleobject",
    "macrosheet",
    "macroenabled",
    "attachedtoolbars",
)
_ACTIVE_FOLDERS = ("activex/", "macrosheets/", "customui/", "externallinks/", "ctrlprops/")
_ACTIVE_RELATIONS = {"externallinkpath", "oleobject", "control", "vbaproject", "frame", "subdocument"}


def inspect_package(content: bytes, *, is_embedded: bool = False) -> str:
    """`docx` or `xlsx`. A chart may carry its figures as a workbook, which is inspected the same way, once."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        entries = package.infolist()
        _check_directory(entries)
        kind = _kind_of(package)
        names = {entry.filename.lower() for entry in entries}
        if any(_is_active_name(name) for name in names):
            raise _refused_package("active_content")
        for entry in entries:
            if "embeddings/" in entry.filename.lower() and not entry.is_dir():
                if is_embedded or not entry.filename.lower().endswith(".xlsx"):
                    raise _refused_package("active_content")
                inspect_package(package.read(entry), is_embedded=True)
        for entry in entries:
            if entry.filename.lower().endswith(".rels"):
                _check_relations(_xml(package, entry))
        _check_unpacks(package, entries)
    return kind


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    """The central directory alone tells a bomb: nothing has been unpacked yet."""
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise FileRefused(
            "bomb",
            _("Ce fichier est démesuré une fois décompressé. Allégez le document, ou enregistrez-le en PDF."),
        )
    names = [entry.filename for entry in entries]
    if len(names) != len({name.lower() for name in names}):
        raise _refused_package("malformed")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if (
            entry.filename.startswith(("/", "\\"))
            or ".." in parts
            or "\0" in entry.filename
            or ":" in parts[0]
        ):
            raise _refused_package("malformed")
        if entry.flag_bits & 0x1:
            raise FileRefused(
                "encrypted",
                _("Ce document est protégé par un mot de passe. Enregistrez-le sans mot de passe."),
            )


def _kind_of(package: zipfile.ZipFile) -> str:
    try:
        types = _xml(package, package.getinfo("[Content_Types].xml"))
    except KeyError as error:
        raise FileRefused(
            "unknown_format",
            _(
                "Ce fichier n'est ni un document Word (.docx) ni un classeur Excel (.xlsx). Enregistrez-le en PDF."
            ),
        ) from error
    found = [str(element.get("ContentType", "")) for element in types.iter()]
    if any(word in declared.lower() for declared in found for word in _ACTIVE_WORDS):
        raise _refused_package("active_content")
    kinds = {_MAIN_PARTS[declared] for declared in found if declared in _MAIN_PARTS}
    if len(kinds) != 1:
        raise FileRefused(
            "unknown_format",
            _(
                "Ce fichier n'est ni un document Word (.docx) ni un classeur Excel (.xlsx). Enregistrez-le en PDF."
            ),
        )
    return kinds.pop()


def _is_active_name(name: str) -> bool:
    return any(word in name for word in _ACTIVE_WORDS) or any(folder in name for folder in _ACTIVE_FOLDERS)


def _check_relations(relations: Any) -> None:
    """Links in the text may lead outside; a template, an image or data fetched from outside may not."""
    for element in relations.iter():
        kind = str(element.get("Type", "")).rpartition("/")[2].lower()
        if str(element.get("TargetMode", "")).lower() == "external" and kind != "hyperlink":
            raise _refused_package("external_content")
        if kind in _ACTIVE_RELATIONS:
            raise _refused_package("active_content")


def _check_unpacks(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Every entry unpacks to the size it announced and to its checksum; the announced total was checked before."""
    for entry in entries:
        with package.open(entry) as part:
            size = 0
            while chunk := part.read(256 * 1024):
                size += len(chunk)
                if size > entry.file_size:
                    raise _refused_package("malformed")
        if size != entry.file_size:
            raise _refused_package("malformed")


def _xml(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Any:
    if entry.file_size > MAX_PART_BYTES:
        raise _refused_package("malformed")
    with package.open(entry) as part:
        return ElementTree.fromstring(part.read(MAX_PART_BYTES), forbid_dtd=True)


def _refused_package(code: str) -> FileRefused:
    messages = {
        "active_content": _(
            "Ce document contient des macros ou des objets incorporés. Enregistrez-le en .docx ou .xlsx sans macro, "
            "ou en PDF, et envoyez cette copie."
        ),
        "external_content": _(
            "Ce document va chercher un modèle ou des données ailleurs. Rompez ces liaisons, ou enregistrez-le en PDF, "
            "et envoyez cette copie."
        ),
        "malformed": _("Ce document est mal formé. Enregistrez-en une copie, ou un PDF, et envoyez-la."),
    }
    return FileRefused(code, messages[code])
