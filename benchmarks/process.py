"""`python -m benchmarks.process STAGE SIZE`: one stage of one database, in a process of its own; prints JSON."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from benchmarks import worlds

    stage, size = sys.argv[1], int(sys.argv[2])
    if stage == "migrate":
        worlds.migrate()
    else:
        sys.stdout.write(worlds.pages_of(stage, size))


if __name__ == "__main__":
    main()
