"""The one door to private files. They have no address of their own: a view checks, then streams."""

import hashlib
import io
from dataclasses import dataclass
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.http import FileResponse

CHUNK = 256 * 1024
BACKEND_ERRORS = (OSError, BotoCoreError, ClientError)
READER_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class StorageFault(Exception):
    """The storage lost a file, changed it, or cannot be reached."""


@dataclass(frozen=True)
class StoredObject:
    key: str
    size: int
    sha256: str


def private_storage() -> Storage:
    return storages["default"]


def put(key: str, content: bytes | IO[bytes]) -> StoredObject:
    """Write under exactly this key. The same bytes again touch nothing; other bytes replace what a crash left.

    Make the key unguessable or part of it the SHA-256 where two writers could meet.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    stream.seek(0)
    size, sha256 = _measure(stream)
    stream.seek(0)
    storage = private_storage()
    try:
        if storage.exists(key):
            if _holds(storage, key, size, sha256):
                return StoredObject(key=key, size=size, sha256=sha256)
            storage.delete(key)
        written = storage.save(key, File(stream, name=key))
    except BACKEND_ERRORS as error:
        raise StorageFault(f"cannot write {key}: {type(error).__name__}") from error
    if written != key:
        storage.delete(written)
        raise StorageFault(f"{key} was written by somebody else at the same time")
    return StoredObject(key=key, size=size, sha256=sha256)


def open(key: str) -> File:
    """The stored file, to be closed by the caller. Raises StorageFault when it is not there."""
    try:
        return private_storage().open(key, "rb")
    except BACKEND_ERRORS as error:
        raise StorageFault(f"cannot read {key}: {type(error).__name__}") from error


def read(key: str, *, sha256: str | None = None) -> bytes:
    """The bytes; with `sha256`, only if they are still those that were stored."""
    with open(key) as stored:
        content: bytes = stored.read()
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise StorageFault(f"{key} is not the file that was stored")
    return content


def exists(key: str) -> bool:
    return private_storage().exists(key)


def delete(key: str) -> None:
    private_storage().delete(key)


def stream_response(
    key: str,
    *,
    filename: str,
    content_type: str = "application/octet-stream",
    inline: bool = False,
    sha256: str | None = None,
) -> FileResponse:
    """Send a stored file to somebody who was already found entitled to it.

    With `sha256` the file is checked before its first byte leaves. `inline` is for PDFs that we made ourselves.
    """
    stored = open(key)
    if sha256 is not None:
        _, found = _measure(stored)
        if found != sha256:
            stored.close()
            raise StorageFault(f"{key} is not the file that was stored")
        stored.seek(0)
    response = FileResponse(stored, as_attachment=not inline, filename=filename, content_type=content_type)
    for name, value in READER_HEADERS.items():
        response[name] = value
    return response


def _holds(storage: Storage, key: str, size: int, sha256: str) -> bool:
    """A writer that comes second must not delete what a row already names: it might die before it writes again."""
    if storage.size(key) != size:
        return False
    with storage.open(key, "rb") as stored:
        return _measure(stored) == (size, sha256)


def _measure(stream: Any) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()
