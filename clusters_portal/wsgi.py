import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings.dev")

from clusters_portal import startup

startup.prepare(check_zone=True)
application = get_wsgi_application()
