from django.urls import URLPattern, path

from applications.views import public

urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("appels/", public.calls, name="calls"),
    path("clusters/", public.clusters, name="clusters"),
    path("clusters/<slug:code>/", public.cluster, name="cluster"),
]
