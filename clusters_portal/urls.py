from django.urls import include, path

from clusters_portal import health, pages

handler400 = "clusters_portal.errors_views.bad_request"
handler403 = "clusters_portal.errors_views.forbidden"
handler404 = "clusters_portal.errors_views.not_found"
handler500 = "clusters_portal.errors_views.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("langue/", pages.set_language, name="set_language"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("", include("accounts.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("evaluation.urls")),
    path("", include("applications.urls")),
]
