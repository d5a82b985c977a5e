"""What goes with every kind of answer, and what is not there at all."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from applications.models import Document
from evaluation.models import DecisionLetter
from tests.accounts.people import make_user
from tests.savepoints import undone
from tests.security.requests import Answer, Reader
from tests.test_settings import SAMPLE, load_production
from tests.walkers.routes import own_routes
from tests.walkers.world import World

pytestmark = pytest.mark.django_db

POLICY = {
    "base-uri 'none'",
    "default-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
}
OF_A_FILE = "sandbox; default-src 'none'"
FEATURES = ("camera", "geolocation", "microphone", "payment", "usb")


def header(answer: Answer, name: str) -> str:
    return answer.response.headers.get(name, "")


def faults_of_page(answer: Answer, *, signed_in: bool) -> list[str]:
    policy = header(answer, "Content-Security-Policy")
    checks = {
        "Content-Security-Policy": {part.strip() for part in policy.split(";")} == POLICY,
        "unsafe": "unsafe" not in policy,
        "X-Content-Type-Options": header(answer, "X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": header(answer, "Referrer-Policy") == "same-origin",
        "Cross-Origin-Opener-Policy": header(answer, "Cross-Origin-Opener-Policy") == "same-origin",
        "X-Frame-Options": header(answer, "X-Frame-Options") == "DENY",
        "Permissions-Policy": all(f"{one}=()" in header(answer, "Permissions-Policy") for one in FEATURES),
        "Cache-Control": not signed_in or header(answer, "Cache-Control") == "private, no-store",
        "Vary": not signed_in or "Cookie" in header(answer, "Vary"),
        "X-Request-ID": bool(header(answer, "X-Request-ID")),
        "Server": not header(answer, "X-Powered-By"),
    }
    return [name for name, is_right in checks.items() if not is_right]


@pytest.mark.parametrize("role", ["anonymous", "applicant", "call_manager", "auditor"])
def test_every_answer(published_world: World, role: str):
    """Whatever the status: pages, refusals, redirects."""
    reader = Reader(published_world, role)
    faults, statuses = [], set()
    for route in own_routes():
        answer = reader.get(reverse(route.name, kwargs=published_world.arguments(route, role)))
        if "attachment" in header(answer, "Content-Disposition") or answer.response.streaming:
            continue  # files: below
        statuses.add(answer.status)
        wrong = faults_of_page(answer, signed_in=role != "anonymous")
        faults += [f"{route.name} {answer.status}: {name}" for name in wrong]
    assert not faults, "\n".join(faults)
    assert {200, 404, 405} <= statuses


def test_every_page_of_an_error(published_world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(request):
        raise RuntimeError

    reader = Reader(published_world, "applicant")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    section = reverse("applications:section", args=[published_world.dossier.pk, "identity"])
    with undone():
        monkeypatch.setattr("clusters_portal.pages.render", broken)
        crash = reader.get(reverse("privacy"))
        monkeypatch.undo()
        answers = {
            400: reader.post(reverse("set_language"), b"--x", "multipart/form-data"),
            404: reader.get("/rien/"),
            405: reader.post(reverse("accounts:trail"), b""),
            409: reader.post(section, b"name=x&version=0"),
            413: reader.post(section, b"name=" + b"a" * (6 * 1024 * 1024)),
            500: crash,
            403: Answer(0, b"", strict.post(reverse("set_language"))),
        }
    for status, answer in answers.items():
        assert answer.response.status_code == status
        assert faults_of_page(answer, signed_in=False) == [], status


def files(world: World) -> dict[str, tuple[str, str]]:
    """(role, address) by kind of file."""
    code, dossier = world.call.code, world.dossier
    document = Document.objects.current().filter(application=dossier).first()
    letter = DecisionLetter.objects.get(decision__application=dossier)
    return {
        "piece": ("applicant", reverse("applications:document_file", args=[dossier.pk, document.pk])),
        "own letter": ("applicant", reverse("evaluation:my-letter", args=[dossier.pk])),
        "letter": ("decision_maker", reverse("evaluation:letter-file", args=[code, letter.pk])),
        "list": ("call_manager", reverse("applications:staff-dossiers-export", args=[code])),
        "ranking": ("chair", reverse("evaluation:jury-ranking-export", args=[code])),
        "trail": ("auditor", reverse("accounts:trail_csv")),
    }


def test_every_file(published_world: World):
    for kind, (role, url) in files(published_world).items():
        answer = Reader(published_world, role).get(url)
        assert answer.status == 200, kind
        assert header(answer, "Content-Disposition").startswith("attachment"), kind
        assert header(answer, "X-Content-Type-Options") == "nosniff", kind
        assert header(answer, "Content-Security-Policy") == OF_A_FILE, kind
        assert "no-store" in header(answer, "Cache-Control"), kind
        assert not header(answer, "Content-Type").startswith("text/html"), kind
        assert header(answer, "Accept-Ranges") in {"", "none"}, kind


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/admin/login/", "/metrics", "/.git/", "/.git/config", "/.env", "/static/", "/static/css/",
        "/static/../clusters_portal/settings/base.py", "/static/%2e%2e/manage.py", "/media/", "/private/",
        "/var/", "/robots.txt/..", "/server-status", "/api/", "/debug/", "/__debug__/", "/dev/mails/", "/dev/mails/x/",
    ],
)  # fmt: skip
def test_what_is_closed(client: Client, path: str):
    for signed_in in (False, True):
        if signed_in:
            client.force_login(make_user(is_staff=True, is_superuser=True))
        assert client.get(path).status_code == 404


def test_health_tells_strangers_no_detail(client: Client):
    told = client.get("/readyz").content.decode() + client.get("/healthz").content.decode()
    assert not [
        word
        for word in ("postgres", "redis://", "Traceback", "password", str(settings.BASE_DIR), "5432")
        if word in told
    ]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/accessibilite/", "/messages/", "/compte/login/"])
def test_other_methods_echo_nothing(published_world: World, method: str, path: str):
    for role in ("anonymous", "applicant"):
        with undone():
            client = Reader(published_world, role).client
            response = client.generic(method, path, headers={"X-Secret": "echo-me"})
        assert b"echo-me" not in response.content
        assert response.status_code in {302, 403, 404, 405}, (role, response.status_code)


def test_another_host_is_refused(client: Client):
    assert client.get("/", headers={"Host": "mal.example"}).status_code == 400
    assert "mal.example" not in client.get("/", headers={"X-Forwarded-Host": "mal.example"}).content.decode()


# Production -----------------------------------------------------------------------------------------------------------


def test_cookies_and_transport_in_production():
    names = (
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SECURE", "LANGUAGE_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "DEBUG",
    )  # fmt: skip
    done = load_production(f"[getattr(s, name, '') for name in {names!r}]", **SAMPLE)
    assert done.stdout.strip() == str(
        [
            *(
                "__Host-sessionid",
                True,
                True,
                "Lax",
                "",
                "",
                "__Host-csrftoken",
                True,
                True,
                "Lax",
                True,
                True,
            ),
            *(True, 365 * 24 * 3600, True, False),
        ]
    )


@override_settings(
    SECURE_SSL_REDIRECT=True,
    SECURE_HSTS_SECONDS=365 * 24 * 3600,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_NAME="__Host-sessionid",
    CSRF_COOKIE_SECURE=True,
    CSRF_COOKIE_NAME="__Host-csrftoken",
    LANGUAGE_COOKIE_SECURE=True,
)
def test_cookies_as_the_browser_gets_them():
    client = Client()
    plain = client.get("/compte/login/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/compte/login/")
    page = client.get("/compte/login/", secure=True)
    assert page["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    person = make_user(password="un long mot de passe")
    client.post("/compte/login/", {"login": person.email, "password": "un long mot de passe"}, secure=True)
    client.post("/langue/", {"language": "ar"}, secure=True)
    cookies = {name: cookie for name, cookie in client.cookies.items() if cookie.value}
    assert {"__Host-sessionid", "__Host-csrftoken", "django_language"} <= set(cookies)
    for name, cookie in cookies.items():
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


def test_a_file_of_another_site_is_not_taken(published_world: World):
    """A POST from elsewhere, token and all, is refused under TLS."""
    reader = Reader(published_world, "applicant")
    with undone():
        response = reader.client.post(
            "/compte/profil/",
            {"full_name": "x", "file": SimpleUploadedFile("x.txt", b"x")},
            headers={"Origin": "https://mal.example", "X-CSRFToken": "a" * 32},
            secure=True,
        )
    assert response.status_code == 403
    assert not User.objects.filter(full_name="x").exists()


def test_a_file_that_the_storage_lost_is_a_page_not_a_crash(published_world: World, security_folder, caplog):
    """For everybody who may read it; the fault goes to the log."""
    letter = DecisionLetter.objects.get(decision__application=published_world.dossier)
    for kind in ("letter", "own letter", "piece"):
        role, url = files(published_world)[kind]
        stored = security_folder / (
            letter.pdf_key
            if "letter" in kind
            else Document.objects.current().filter(application=published_world.dossier).first().storage_key
        )
        kept = stored.read_bytes()
        stored.unlink()
        try:
            answer = Reader(published_world, role).get(url)
        finally:
            stored.write_bytes(kept)
        assert answer.status in {404, 503}, kind
        assert faults_of_page(answer, signed_in=True) == [], kind
        assert str(security_folder) not in answer.text, kind


def test_fields_added_by_hand_are_logged(published_world: World):
    from structlog.testing import capture_logs

    reader = Reader(published_world, "applicant")
    with capture_logs() as lines:
        reader.post(reverse("accounts:profile"), b"full_name=Nom&language=fr&is_staff=on&score=5")
        reader.post(reverse("accounts:profile"), b"full_name=Nom&language=fr")
    noted = [line for line in lines if line["event"] == "protected_fields_posted"]
    assert [line["fields"] for line in noted] == [["is_staff", "score"]]
