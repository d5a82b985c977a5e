from django.conf import settings
from django.core.management.base import BaseCommand

from clusters_portal import fonts


class Command(BaseCommand):
    help = "Cut the fonts of pages and letters from the packages that carry them."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="Build even when nothing has changed.")

    def handle(self, *args, force: bool = False, **options):
        built = fonts.build(settings.FONTS_DIR, force=force)
        self.stdout.write("Polices construites." if built else "Polices déjà à jour.")
