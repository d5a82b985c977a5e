from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Appels et dossiers"

    def ready(self) -> None:
        from accounts.permissions import seal_events
        from applications.permissions.dossiers import sealed_events

        seal_events(sealed_events)
