from django.urls import URLPattern, path

from evaluation.views import public

urlpatterns: list[URLPattern] = [
    path("appels/<slug:code>/resultats/", public.results, name="results"),
    path("verifier/", public.verify, name="verify"),
]
