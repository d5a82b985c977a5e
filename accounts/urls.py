from django.urls import path

from accounts.views import inbox, mails, people, profile, trail

app_name = "accounts"

urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/lus/", inbox.read_all, name="read_all"),
    path("messages/<int:pk>/ouvrir/", inbox.open_notice, name="open_notice"),
    path("messages/<int:pk>/lu/", inbox.read_notice, name="read_notice"),
    path("compte/profil/", profile.profile, name="profile"),
    path("journal/", trail.trail, name="trail"),
    path("journal/export.csv", trail.trail_csv, name="trail_csv"),
    path("gestion/personnes/", people.people, name="people"),
    path("gestion/personnes/nouvelle/", people.new_person, name="new_person"),
    path("gestion/personnes/<uuid:pk>/", people.person, name="person"),
    path("gestion/personnes/<uuid:pk>/roles/", people.grant, name="grant"),
    path("gestion/personnes/<uuid:pk>/roles/<int:grant_pk>/retrait/", people.revoke, name="revoke"),
    path(
        "gestion/personnes/<uuid:pk>/desactivation/",
        people.set_active,
        {"wanted": False},
        name="deactivate_person",
    ),
    path(
        "gestion/personnes/<uuid:pk>/reactivation/",
        people.set_active,
        {"wanted": True},
        name="reactivate_person",
    ),
    path("dev/mails/", mails.mails, name="mails"),
    path("dev/mails/<str:name>/", mails.mail, name="mail"),
]
