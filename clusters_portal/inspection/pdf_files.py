from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from clusters_portal.inspection.refusal import FileRefused

MAX_PDF_PAGES = 500
MAX_PDF_OBJECTS = 300_000
_FORBIDDEN_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/RichMediaExecute",
}
_FORBIDDEN_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


def inspect_pdf(content: bytes) -> int:
    """The number of pages."""
    import pikepdf

    try:
        document = pikepdf.open(BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise FileRefused(
            "encrypted",
            _(
                "Ce PDF demande un mot de passe : personne ne pourrait le lire. Enregistrez-le sans mot de passe."
            ),
        ) from error
    except pikepdf.PdfError as error:
        document = _recovered(content, error)
    with document:
        pages = len(document.pages)
        if pages == 0:
            raise FileRefused(
                "no_pages", _("Ce PDF n'a aucune page. Enregistrez à nouveau le document en PDF.")
            )
        if pages > MAX_PDF_PAGES:
            raise FileRefused(
                "too_many_pages",
                _("Ce PDF a plus de %(limit)s pages. Divisez-le ou ne gardez que l'essentiel.")
                % {"limit": MAX_PDF_PAGES},
            )
        if len(document.objects) > MAX_PDF_OBJECTS:
            raise _refused_pdf("too_complex")
        for found in document.objects:
            _check_pdf_object(found)
        # What hangs directly from the trailer or the catalogue without an object number of its own.
        _check_pdf_object(document.trailer)
    return pages


def _recovered(content: bytes, error: Exception) -> Any:
    """Some scanners write a wrong cross-reference table that every reader repairs; a cut file stays refused."""
    import pikepdf

    if b"%%EOF" not in content[-2048:]:
        raise error
    return pikepdf.open(BytesIO(content), attempt_recovery=True)


def _check_pdf_object(root: Any) -> None:
    """Walk one indirect object and all that it contains directly; references lead to objects walked on their own."""
    for entry in _pdf_dictionaries(root):
        if "/JS" in entry or str(entry.get("/S", "")) in _FORBIDDEN_ACTIONS:
            raise _refused_pdf("active_content")
        if "/JavaScript" in entry or "/XFA" in entry:
            raise _refused_pdf("active_content")
        # A font may be called /EF: only beside a file name does it hold a file.
        holds_file = "/EF" in entry and ("/F" in entry or "/UF" in entry)
        if "/EmbeddedFiles" in entry or holds_file or str(entry.get("/Type", "")) == "/EmbeddedFile":
            raise _refused_pdf("embedded_file")
        if str(entry.get("/Subtype", "")) in _FORBIDDEN_ANNOTATIONS:
            raise _refused_pdf("embedded_file")


def _pdf_dictionaries(root: Any) -> Iterator[Any]:
    import pikepdf

    waiting, seen = [(root, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > 60 or seen > MAX_PDF_OBJECTS:
            raise _refused_pdf("too_complex")
        if isinstance(value, pikepdf.Stream):
            value = value.stream_dict
        if isinstance(value, pikepdf.Dictionary):
            yield value
            children = [child for _key, child in value.items()]
        elif isinstance(value, pikepdf.Array):
            children = list(value)
        else:
            continue
        waiting += [
            (child, depth + 1)
            for child in children
            if isinstance(child, pikepdf.Object) and not child.is_indirect
        ]


def _refused_pdf(code: str) -> FileRefused:
    messages = {
        "active_content": _(
            "Ce PDF contient des instructions qui s'exécutent (script, formulaire actif ou lancement de programme). "
            "Imprimez-le en PDF (« Imprimer », puis « Enregistrer au format PDF ») et envoyez cette copie."
        ),
        "embedded_file": _(
            "Ce PDF contient d'autres fichiers en pièce jointe. Retirez-les, ou imprimez-le en PDF, "
            "et envoyez cette copie."
        ),
        "too_complex": _(
            "Ce PDF est trop complexe pour être contrôlé. Imprimez-le en PDF et envoyez cette copie."
        ),
    }
    return FileRefused(code, messages[code])
