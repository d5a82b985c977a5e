import hashlib
import io
import stat
from pathlib import Path

import pytest

from clusters_portal import storage

CONTENT = "contenu — محتوى".encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_what_is_put_is_read_back(private_folder: Path) -> None:
    stored = storage.put("documents/a/b.pdf", CONTENT)
    assert stored == storage.StoredObject("documents/a/b.pdf", len(CONTENT), SHA256)
    with storage.open("documents/a/b.pdf") as file:
        assert file.read() == CONTENT
    assert storage.read("documents/a/b.pdf", sha256=SHA256) == CONTENT
    assert (private_folder / "documents/a/b.pdf").read_bytes() == CONTENT


def test_a_file_is_put_from_its_beginning() -> None:
    file = io.BytesIO(CONTENT)
    file.read(4)
    assert storage.put("a", file).sha256 == SHA256
    assert storage.read("a") == CONTENT


def test_files_are_private_to_the_account_of_the_server(private_folder: Path) -> None:
    storage.put("folder/a", CONTENT)
    assert stat.S_IMODE((private_folder / "folder/a").stat().st_mode) == 0o600
    assert stat.S_IMODE((private_folder / "folder").stat().st_mode) == 0o700


def test_a_second_put_replaces_what_a_crash_left() -> None:
    storage.put("a", b"half")
    assert storage.put("a", CONTENT).key == "a"
    assert storage.read("a") == CONTENT


def test_a_missing_or_changed_file_is_a_fault(private_folder: Path) -> None:
    with pytest.raises(storage.StorageFault):
        storage.open("nothing")
    storage.put("a", CONTENT)
    (private_folder / "a").write_bytes(CONTENT + b"x")
    with pytest.raises(storage.StorageFault):
        storage.read("a", sha256=SHA256)
    with pytest.raises(storage.StorageFault):
        storage.stream_response("a", filename="a.pdf", sha256=SHA256)


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../outside"])
def test_a_key_never_leaves_the_folder(key: str) -> None:
    from django.core.exceptions import SuspiciousFileOperation

    with pytest.raises(SuspiciousFileOperation):
        storage.put(key, CONTENT)


def test_a_stored_file_has_no_address() -> None:
    storage.put("a", CONTENT)
    with pytest.raises(ValueError, match="not accessible via a URL"):
        storage.private_storage().url("a")


@pytest.mark.django_db  # a response that ends looks at the connections
def test_streaming_is_an_attachment_that_nothing_runs_or_keeps() -> None:
    storage.put("a", CONTENT)
    response = storage.stream_response(
        "a", filename='Récépissé "n° 1".pdf', content_type="application/pdf", sha256=SHA256
    )
    assert b"".join(response.streaming_content) == CONTENT
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''R%C3%A9c%C3%A9piss%C3%A9%20%22n%C2%B0%201%22.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(CONTENT))
    response.close()


@pytest.mark.django_db  # a response that ends looks at the connections
def test_inline_is_asked_for_by_name() -> None:
    storage.put("a", CONTENT)
    response = storage.stream_response("a", filename="a.pdf", content_type="application/pdf", inline=True)
    assert response["Content-Disposition"] == 'inline; filename="a.pdf"'
    response.close()
