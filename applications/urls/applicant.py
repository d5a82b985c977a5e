from django.urls import path

from applications.views.applicant import deposits, documents, dossiers, sections, teams

urlpatterns = [
    path("dossiers/", dossiers.dossier_list, name="dossier_list"),
    path("dossiers/nouveau/<slug:code>/", dossiers.dossier_start, name="dossier_start"),
    path("dossiers/invitation/<str:token>/", teams.team_invitation, name="team_invitation"),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/verification/", dossiers.dossier_check, name="dossier_check"),
    path("dossiers/<uuid:pk>/reponses/", dossiers.dossier_answers, name="dossier_answers"),
    path("dossiers/<uuid:pk>/rubriques/<slug:code>/", sections.section, name="section"),
    path("dossiers/<uuid:pk>/pieces/", documents.documents, name="documents"),
    path("dossiers/<uuid:pk>/pieces/<slug:piece>/joindre/", documents.document_add, name="document_add"),
    path("dossiers/<uuid:pk>/fichiers/<uuid:document>/", documents.document_file, name="document_file"),
    path(
        "dossiers/<uuid:pk>/fichiers/<uuid:document>/retirer/",
        documents.document_remove,
        name="document_remove",
    ),
    path(
        "dossiers/<uuid:pk>/fichiers/<uuid:document>/reprendre/",
        documents.document_restore,
        name="document_restore",
    ),
    path("dossiers/<uuid:pk>/depot/", deposits.deposit, name="deposit"),
    path("dossiers/<uuid:pk>/depots/<int:version>/", deposits.submission, name="submission"),
    path("dossiers/<uuid:pk>/depots/<int:version>/recepisse/", deposits.receipt, name="receipt"),
    path("dossiers/<uuid:pk>/depots/<int:version>/recepisse.pdf", deposits.receipt_pdf, name="receipt_pdf"),
    path("dossiers/<uuid:pk>/retrait/", deposits.withdrawal, name="withdrawal"),
    path("dossiers/<uuid:pk>/retrait/annuler/", deposits.withdrawal_undo, name="withdrawal_undo"),
    path("dossiers/<uuid:pk>/equipe/", teams.team, name="team"),
    path("dossiers/<uuid:pk>/equipe/<int:seat>/", teams.team_seat, name="team_seat"),
    path(
        "dossiers/<uuid:pk>/equipe/invitations/<uuid:invitation>/annuler/",
        teams.team_revoke,
        name="team_revoke",
    ),
]
