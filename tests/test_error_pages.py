import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory
from django.utils.translation import override

from clusters_portal import errors_views

pytestmark = pytest.mark.urls("tests.gallery.urls")


def ask(view, *args):
    request = RequestFactory().get("/quelque/part/")
    request.user = AnonymousUser()
    request.session = {}
    request.request_id = "0123abcd"
    return view(request, *args)


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    ("view", "args", "status"),
    [
        (errors_views.bad_request, (SuspiciousOperation(),), 400),
        (errors_views.bad_request, (RequestDataTooBig(),), 413),
        (errors_views.forbidden, (), 403),
        (errors_views.not_found, (), 404),
        (errors_views.conflict, (), 409),
        (errors_views.too_large, (), 413),
        (errors_views.too_many, (), 429),
        (errors_views.server_error, (), 500),
        (errors_views.unavailable, (), 503),
        (errors_views.csrf_failure, (), 403),
    ],
)
def test_error_page(view, args, status, language):
    """No database is available to this test: none of these pages may ask it anything."""
    with override(language):
        response = ask(view, *args)
    page = response.content.decode()
    assert response.status_code == status
    assert f'lang="{language}"' in page
    assert "0123abcd" in page
    assert f">{'Erreur' if language == 'fr' else ''}" in page
    assert str(status) in page
    assert 'href="/"' in page


def test_a_crash_is_answered_in_the_readers_language():
    client = Client(raise_request_exception=False, headers={"accept-language": "ar"})
    response = client.get("/erreur/500/")
    assert response.status_code == 500
    assert 'lang="ar" dir="rtl"' in response.content.decode()


def test_a_form_without_its_token_is_refused_with_a_remedy():
    response = Client(enforce_csrf_checks=True).post("/langue/", {"language": "ar"})
    assert response.status_code == 403
    assert "Cette page avait expiré" in response.content.decode()


def test_visitors_choose_their_language_and_stay():
    response = Client().post("/langue/", {"language": "ar", "next": "/accessibilite/?a=1"})
    assert response["Location"] == "/accessibilite/?a=1"
    assert response.cookies["django_language"].value == "ar"
    elsewhere = Client().post("/langue/", {"language": "ar", "next": "https://ailleurs.example/"})
    assert elsewhere["Location"] == "/"
