from django.urls import URLPattern, path

from applications.views import staff_calls, staff_calls_acts, staff_calls_support

CALL = "gestion/appels/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("gestion/appels/", staff_calls.call_list, name="call-list"),
    path(f"{CALL}textes/", staff_calls.texts, name="call-texts"),
    path(f"{CALL}date-limite/", staff_calls.dates, name="call-dates"),
    path(f"{CALL}perimetre/", staff_calls.scope, name="call-scope"),
    path(f"{CALL}regle-8-ans/", staff_calls_support.support, name="call-support"),
    path(f"{CALL}pieces/", staff_calls.pieces, name="call-pieces"),
    path(f"{CALL}lancement/", staff_calls_acts.launch, name="call-launch"),
    path(f"{CALL}prolongation/", staff_calls_acts.extend, name="call-extend"),
    path(f"{CALL}annulation/", staff_calls_acts.cancel, name="call-cancel"),
    path(f"{CALL}cloture/", staff_calls_acts.close, name="call-close"),
    path(f"{CALL}cloture/proces-verbal.pdf", staff_calls_acts.closing_record_pdf, name="closing-record-pdf"),
]
