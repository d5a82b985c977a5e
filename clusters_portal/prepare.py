"""What `make run` does between the servers' start and the first request: build, migrate, load, demonstrate.

A step whose inputs have not changed since it last succeeded is skipped; its digest lies under var/stamps.
"""

import hashlib
import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def digest_of(paths: Iterable[Path]) -> str:
    """One digest for the names, sizes and times of all files under `paths`."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                stat = file.stat()
                total.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return total.hexdigest()


def once_for(stamp: Path, inputs: list[Path], outputs: list[Path], step: Callable[[], None]) -> bool:
    """Run `step` unless `inputs` are as they were and `outputs` exist; True when it ran."""
    digest = digest_of(inputs)
    if all(output.exists() for output in outputs) and stamp.exists() and stamp.read_text() == digest:
        return False
    step()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    return True


def say(sentence: str) -> None:
    sys.stderr.write(f"prepare: {sentence}\n")
    sys.stderr.flush()


def build_assets() -> None:
    """Fonts, message catalogues and collected static files: no database is needed."""
    from django.conf import settings
    from django.core.management import call_command

    base, var, stamps = settings.BASE_DIR, settings.VAR_DIR, settings.VAR_DIR / "stamps"
    quiet = {"stdout": io.StringIO(), "verbosity": 0}
    lock = base / "requirements.txt"

    def fonts() -> None:
        say("building the fonts")
        call_command("build_fonts", **quiet)

    def messages() -> None:
        say("compiling the messages")
        call_command("compilemessages", ignore_patterns=[".venv", "var"], **quiet)

    def static() -> None:
        say("collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, **quiet)

    once_for(stamps / "fonts", [lock, base / "clusters_portal/fonts.py"], [settings.FONTS_DIR], fonts)
    web_fonts = ("fonts", str(settings.FONTS_DIR / "web"))
    if web_fonts not in settings.STATICFILES_DIRS:  # settings were read before the folder existed
        settings.STATICFILES_DIRS.append(web_fonts)
    catalogues = sorted((base / "locale").rglob("*.po"))
    compiled = [catalogue.with_suffix(".mo") for catalogue in catalogues]
    once_for(stamps / "messages", catalogues, compiled, messages)
    if not settings.DEBUG:
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        inputs = [lock, base / "static", var / "fonts", base / "clusters_portal/static_files.py"]
        once_for(stamps / "static", inputs, [manifest], static)


def prepare_database() -> None:
    from django.core.management import call_command

    say("migrating the database")
    call_command("migrate", interactive=False, verbosity=0)
    say("loading the real calls and clusters")
    call_command("load_reference_data", stdout=io.StringIO())


def prepare_demonstration() -> None:
    """Build the demonstration where nobody lives yet; either way the command prints the accounts, which we pass on."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEMONSTRATION:
        say("looking after the demonstration")
        call_command("demo", ensure=True, stdout=sys.stdout)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings.dev")
    import django

    from clusters_portal import startup

    startup.exit_on_sigterm()
    django.setup()
    build_assets()
    if sys.argv[1:] == ["assets"]:
        return
    startup.prepare(check_zone=True)
    prepare_database()
    prepare_demonstration()


if __name__ == "__main__":
    main()
