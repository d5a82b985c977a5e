from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 100


@login_not_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Development only: the mails that would have left, newest first. Signing up needs the code that one carries."""
    rows = [(path.name, _read(path, headers_only=True)) for path in _files()[:SHOWN]]
    return render(request, "accounts/mails.html", {"rows": rows})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    # Looked up in the listing: a name from the address never becomes a path.
    path = next((path for path in _files() if path.name == name), None)
    if path is None:
        raise Http404
    message = _read(path, headers_only=False)
    body = message.get_body(preferencelist=("plain", "html"))
    context = {"message": message, "text": body.get_content() if body else ""}
    return render(request, "accounts/mail.html", context)


def _files() -> list[Path]:
    if not settings.MAIL_PAGE:
        raise Http404
    folder = Path(settings.EMAIL_FILE_PATH)
    return sorted(folder.glob("[!.]*.eml"), reverse=True) if folder.is_dir() else []


def _read(path: Path, *, headers_only: bool) -> EmailMessage:
    parser = BytesParser(policy=policy.default)
    with path.open("rb") as stored:
        return parser.parse(stored, headersonly=headers_only)  # type: ignore[return-value]
