"""The portal's only clock, moved by the number of seconds written in a file: time passes, nobody sleeps."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from clusters_portal import clock

SHIFT = Path(os.environ["JOURNEY_CLOCK"])
real_now = clock.now


def shifted_now() -> datetime:
    return real_now() + timedelta(seconds=float(SHIFT.read_text()))


def shift_the_clock() -> None:
    """The product reads `clock.now()` through its module, so this is the only thing to replace."""
    clock.now = shifted_now
