from typing import NoReturn

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="clusters_portal.private_files.PrivateFolder")
class PrivateFolder(FileSystemStorage):
    """A folder whose files have no address: a view checks, then streams."""

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("This file is not accessible via a URL.")
