from django.urls import URLPattern, path

from evaluation.views.decisions import applicant, staff

urlpatterns: list[URLPattern] = [
    path("decisions/", staff.home, name="decisions-home"),
    path("decisions/<slug:code>/", staff.decision_list, name="decisions"),
    path("decisions/<slug:code>/signature/", staff.sign_all, name="sign-all"),
    path("decisions/<slug:code>/lettres/", staff.letters, name="letters"),
    path("decisions/<slug:code>/lettres/relance/", staff.retry, name="letters-retry"),
    path("decisions/<slug:code>/lettres/<uuid:pk>/", staff.letter_file, name="letter-file"),
    path("decisions/<slug:code>/publication/", staff.publish, name="publish-results"),
    path("decisions/<slug:code>/<uuid:pk>/", staff.decision, name="decision"),
    path("decisions/<slug:code>/<uuid:pk>/motifs/", staff.amend, name="decision-amend"),
    path("decisions/<slug:code>/<uuid:pk>/apercu/", staff.preview, name="decision-preview"),
    path("decisions/<slug:code>/<uuid:pk>/signature/", staff.sign, name="decision-sign"),
    path("dossiers/<uuid:pk>/decision/", applicant.my_decision, name="my-decision"),
    path("dossiers/<uuid:pk>/decision/accuse/", applicant.acknowledge, name="acknowledge"),
    path("dossiers/<uuid:pk>/decision/lettre/", applicant.my_letter, name="my-letter"),
]
