from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Blocker:
    """One reason why an act is refused. `code` is for logic and tests, `message` for the reader."""

    code: str
    message: str | Promise
    anchor: str = ""


class Refused(Exception):
    """The rules refuse the act. Carries every reason, not only the first."""

    def __init__(self, blockers: Iterable[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__("; ".join(blocker.code for blocker in self.blockers))
