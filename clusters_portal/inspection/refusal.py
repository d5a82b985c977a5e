from django.utils.functional import Promise


class FileRefused(Exception):
    """`code` is for logic and tests; `message` says to the uploader what is wrong and what to do."""

    def __init__(self, code: str, message: str | Promise) -> None:
        self.code = code
        self.message = message
        super().__init__(code)
