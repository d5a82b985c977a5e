"""What every entry point (manage.py, gunicorn, Celery) does before it serves: servers first, then the zone check."""

import signal
import sys
from types import FrameType


def prepare(*, check_zone: bool) -> None:
    """Make the embedded servers answer when settings ask for them; exit with a sentence when the zone data is stale."""
    import django
    from django.conf import settings

    from clusters_portal import embedded, zone

    try:
        wanted = settings.EMBEDDED_SERVERS
        if wanted:
            embedded.Cluster(settings.EMBEDDED_ROOT, durable=settings.EMBEDDED_DURABLE).ensure(wanted)
        if check_zone:
            django.setup()
            zone.check()
    except (embedded.ServerRefused, zone.StaleZone) as error:
        sys.exit(f"error: {error}")


def exit_on_sigterm() -> None:
    """Let SIGTERM end the process through `atexit`, so that servers started for one command stop with it."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
