"""Generated files as HTTP answers: always an attachment, never cached, never sniffed."""

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """`filename` is ours, in ASCII."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def workbook_response(content: bytes, *, filename: str) -> HttpResponse:
    return attachment(content, filename=filename, content_type=XLSX)
