from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "clusters_portal"
