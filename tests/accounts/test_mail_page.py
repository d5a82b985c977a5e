from pathlib import Path

import pytest
from django.test import Client

from clusters_portal import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(settings, tmp_path: Path) -> Path:
    settings.MAIL_PAGE = True
    settings.EMAIL_BACKEND = "clusters_portal.mail_files.EmailFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mail.send(
        key="1",
        to="personne@demo.example",
        subject="Code <b>",
        text="Votre code : ABCD-EFGH\n<script>x</script>",
    )
    mail.send(key="2", to="autre@demo.example", subject="رمز التحقق", text="رمز")
    return settings.EMAIL_FILE_PATH


@pytest.mark.django_db(transaction=True)
def test_anybody_reads_them_in_development_newest_first(client: Client, written: Path) -> None:
    response = client.get("/dev/mails/")
    assert [message["subject"] for _, message in response.context["rows"]] == ["رمز التحقق", "Code <b>"]
    name = response.context["rows"][1][0]
    page = client.get(f"/dev/mails/{name}/").content.decode()
    assert "Votre code : ABCD-EFGH" in page
    assert "<script>x" not in page
    assert "personne@demo.example" in page


def test_elsewhere_there_is_no_such_page(client: Client, settings, written: Path) -> None:
    name = sorted(path.name for path in written.iterdir())[0]
    settings.MAIL_PAGE = False
    assert client.get("/dev/mails/").status_code == 404
    assert client.get(f"/dev/mails/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["nothing.eml", "..", "%2e%2e%2fsecret.eml", "a\\..\\b.eml"])
def test_a_name_is_never_a_path(client: Client, written: Path, name: str) -> None:
    (written.parent / "secret.eml").write_text("Subject: x\n\nsecret")
    assert client.get(f"/dev/mails/{name}/").status_code == 404


def test_an_empty_folder_says_so(client: Client, settings, tmp_path: Path) -> None:
    settings.MAIL_PAGE, settings.EMAIL_FILE_PATH = True, tmp_path / "none"
    assert "Aucun courriel" in client.get("/dev/mails/").content.decode()
