"""One file for one piece."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import FileFormat
from applications.models import RequiredDocument

ACCEPT = {
    FileFormat.PDF: ".pdf,application/pdf",
    FileFormat.DOCX: ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.XLSX: ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DocumentForm(forms.Form):
    file = forms.FileField(
        allow_empty_file=True,
        error_messages={
            "required": _("Choisissez d'abord un fichier."),
            "invalid": _("Le fichier n'est pas arrivé. Choisissez-le de nouveau."),
            "missing": _("Le fichier n'est pas arrivé. Choisissez-le de nouveau."),
        },
    )

    use_required_attribute = False

    def __init__(self, *args: Any, piece: RequiredDocument, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{piece.code}_%s", **options)
        self.piece = piece
        field = self.fields["file"]
        field.label = piece.name
        field.widget.attrs["accept"] = ",".join(ACCEPT[FileFormat(code)] for code in piece.formats)
