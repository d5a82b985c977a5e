from django.urls import URLPattern, path

from applications.views.staff import checks, dossiers, home, openings, register

urlpatterns: list[URLPattern] = [
    path("gestion/", home.staff_home, name="staff-home"),
    path("gestion/depots/", home.deposit_lookup, name="deposit-lookup"),
    path("gestion/appels/<slug:code>/ouverture/", openings.opening, name="opening"),
    path("gestion/appels/<slug:code>/ouverture/proposition/", openings.propose, name="opening-propose"),
    path("gestion/appels/<slug:code>/ouverture/confirmation/", openings.confirm, name="opening-confirm"),
    path("gestion/appels/<slug:code>/ouverture/retrait/", openings.withdraw, name="opening-withdraw"),
    path("gestion/appels/<slug:code>/dossiers/", dossiers.DossierList.as_view(), name="staff-dossiers"),
    path("gestion/appels/<slug:code>/dossiers/export/", dossiers.export, name="staff-dossiers-export"),
    path("gestion/dossiers/<uuid:pk>/", dossiers.dossier, name="staff-dossier"),
    path("gestion/dossiers/<uuid:pk>/pieces/<uuid:document>/", dossiers.document, name="staff-document"),
    path("gestion/dossiers/<uuid:pk>/controles/<slug:line>/", checks.answer, name="check-answer"),
    path(
        "gestion/dossiers/<uuid:pk>/controles/<slug:line>/confirmation/", checks.second, name="check-second"
    ),
    path("gestion/dossiers/<uuid:pk>/recevabilite/", checks.settle, name="settle"),
    path("gestion/dossiers/<uuid:pk>/recevabilite/confirmation/", checks.confirm, name="settle-confirm"),
    path("gestion/dossiers/<uuid:pk>/recevabilite/retrait/", checks.withdraw, name="settle-withdraw"),
    path("gestion/registre/<slug:code>/faits/", register.facts, name="register-facts"),
    path(
        "gestion/registre/<slug:code>/faits/<slug:kind>/<int:pk>/",
        register.confirm,
        name="register-fact-confirm",
    ),
]
