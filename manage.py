#!/usr/bin/env python
"""Django's command line; it finds or starts the embedded servers when no URL names real ones."""

import os
import sys

# Commands that read no table and send no message: they must not wait for a server.
WITHOUT_SERVERS = {
    "",
    "--help",
    "--version",
    "build_fonts",
    "check",
    "collectstatic",
    "compilemessages",
    "create_bucket",
    "document_model",
    "findstatic",
    "help",
    "makemessages",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings.dev")
    from clusters_portal import startup

    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in WITHOUT_SERVERS:
        startup.exit_on_sigterm()
        startup.prepare(check_zone=True)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
