from django.urls import path

from evaluation.views.jury import composition, deliberation, home, outcomes, ranking, rounds, sheets

urlpatterns = [
    path("jury/", home.home, name="jury-home"),
    path("jury/dossiers/<int:assignment_id>/", sheets.sheet, name="jury-sheet"),
    path(
        "jury/dossiers/<int:assignment_id>/declaration/",
        sheets.late_declaration,
        name="jury-late-declaration",
    ),
    path("jury/dossiers/<int:assignment_id>/pieces/<int:file_id>/", sheets.file, name="jury-file"),
    path("jury/<slug:code>/composition/", composition.composition, name="jury-composition"),
    path("jury/<slug:code>/composition/<int:seat_id>/role/", composition.role, name="jury-role"),
    path("jury/<slug:code>/composition/<int:seat_id>/retrait/", composition.remove, name="jury-remove"),
    path("jury/<slug:code>/demarrage/", composition.start, name="jury-start"),
    path("jury/<slug:code>/declarations/", home.declarations, name="jury-declarations"),
    path("jury/<slug:code>/liens/", rounds.links, name="jury-links"),
    path("jury/<slug:code>/liens/<int:declaration_id>/", rounds.rule, name="jury-rule"),
    path("jury/<slug:code>/avancement/", rounds.progress, name="jury-progress"),
    path("jury/<slug:code>/affectation/", rounds.assign_all, name="jury-assign"),
    path("jury/<slug:code>/affectation/<uuid:application_id>/", rounds.readers, name="jury-readers"),
    path("jury/<slug:code>/cloture/", rounds.close, name="jury-close"),
    path("jury/<slug:code>/classement/", ranking.ranking, name="jury-ranking"),
    path("jury/<slug:code>/classement.xlsx", ranking.ranking_export, name="jury-ranking-export"),
    path("jury/<slug:code>/deliberation/", deliberation.deliberation, name="jury-deliberation"),
    path("jury/<slug:code>/deliberation/issues/", deliberation.settle_all, name="jury-settle-all"),
    path("jury/<slug:code>/deliberation/signature/", deliberation.sign, name="jury-sign"),
    path("jury/<slug:code>/deliberation/proces-verbal.pdf", deliberation.minutes, name="jury-minutes"),
    path("jury/<slug:code>/deliberation/<uuid:application_id>/", outcomes.outcome, name="jury-outcome"),
]
