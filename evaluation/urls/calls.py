from django.urls import URLPattern, path

from evaluation.views import calls, calls_public, calls_sections

CALL = "gestion/appels/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("appels/<slug:code>/", calls_public.public_call, name="public-call"),
    path("gestion/appels/nouveau/", calls.create, name="call-create"),
    path(CALL, calls.dashboard, name="call-dashboard"),
    path(f"{CALL}apercu/", calls.preview, name="call-preview"),
    path(f"{CALL}grille/", calls_sections.grid, name="call-grid"),
    path(f"{CALL}grille/<slug:criterion>/", calls_sections.criterion, name="call-criterion"),
    path(f"{CALL}publication/", calls.publish, name="call-publish"),
]
