"""A page with every shared piece, for the tests alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.utils.translation import get_language

from clusters_portal import charts, errors_views, pages

TEMPLATES = Path(__file__).parent / "templates"
NOW = datetime(2026, 11, 24, 9, 12, 30, tzinfo=UTC)
CLOSES_AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SAVED: list[dict] = []


class ProjectForm(forms.Form):
    name = forms.CharField(label="Nom du cluster", help_text="Tel qu'il figure dans les statuts.")
    name_ar = forms.CharField(
        label="Nom en arabe", required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    sector = forms.ChoiceField(label="Secteur", choices=[("a", "Automobile"), ("b", "Textile")])
    track = forms.ChoiceField(
        label="Voie", choices=[("new", "Nouveau"), ("old", "Existant")], widget=forms.RadioSelect
    )
    starts_on = forms.DateField(label="Début", widget=forms.DateInput(attrs={"type": "date"}))
    vision = forms.CharField(label="Vision", widget=forms.Textarea, required=False)
    piece = forms.FileField(label="Pièce", help_text="PDF, 20 Mo au plus.", required=False)
    declared = forms.BooleanField(label="Je déclare que ces informations sont exactes")

    def clean(self):
        raise forms.ValidationError("Le dossier comporte une contradiction.")


class MemberForm(forms.Form):
    name = forms.CharField(label="Nom")
    kind = forms.ChoiceField(label="Type", choices=[("sme", "PME"), ("lab", "Laboratoire")])
    ice = forms.CharField(label="ICE", required=False)


class Filters(forms.Form):
    q = forms.CharField(label="Recherche", required=False)
    status = forms.ChoiceField(label="État", choices=[("", "Tous")], required=False)


MemberFormSet = forms.formset_factory(MemberForm, extra=0, can_delete=True)


def drawn(language: str) -> list[charts.Chart]:
    words = charts.DotWords("Dossier", "Moyenne", "Plus basse", "Plus haute", "Note d'un membre du jury")
    ranking = [
        charts.DotRow(
            "1. Cluster Démonstration Atlas", (Decimal(78), Decimal(84), Decimal(91)), Decimal("84.33")
        ),
        charts.DotRow(
            "2. Cluster Démonstration du textile durable et de l'habillement du Nord",
            (60, 72, 95),
            Decimal("75.67"),
            flag="écart fort",
        ),
        charts.DotRow("3. تجمع تجريبي للصناعات", (41, 55, 58), Decimal("51.33"), passes=False),
        charts.DotRow("Non classé", (), None, passes=False),
    ]
    exact = charts.Span(date(2014, 1, 1), date(2014, 1, 1), date(2018, 6, 1), date(2018, 6, 1))
    rough = charts.Span(date(2019, 1, 1), date(2019, 12, 31), date(2023, 1, 1), date(2023, 12, 31))
    period_words = charts.PeriodWords("Cluster", "Début", "Fin", "Certain", "Date incertaine", "en cours")
    intake = [(NOW - timedelta(days=9 - n, hours=n), n * n // 3 + n) for n in range(10)]
    common = {"language": language}
    return [
        charts.dot_plot(
            ranking,
            ident="rank",
            title="Classement",
            words=words,
            cut=65,
            cut_label="Seuil",
            note="Chaque point est la note d'un membre du jury.",
            **common,
        ),
        charts.radar(
            [
                charts.Axis("Stratégie de développement", Decimal("3.5"), 3),
                charts.Axis("Innovation collaborative", Decimal("4.25"), Decimal("3.5")),
                charts.Axis("Visibilité internationale", Decimal("2"), Decimal("2.75")),
            ],
            ident="radar3",
            title="Par critère",
            label_header="Critère",
            value_label="Ce dossier",
            compare_label="Médiane",
            **common,
        ),
        charts.radar(
            [charts.Axis(f"Sous-critère {n}", n % 5 + Decimal("0.5")) for n in range(7)],
            ident="radar7",
            title="Par sous-critère",
            label_header="Critère",
            value_label="Note",
            **common,
        ),
        charts.bars(
            [
                charts.Bar("Automobile", 14, href="#"),
                charts.Bar("Textile et cuir", 9),
                charts.Bar("Autres", 3, quiet=True),
            ],
            ident="bars",
            title="Dossiers par secteur",
            label_header="Secteur",
            value_header="Dossiers",
            **common,
        ),
        charts.period_timeline(
            [
                charts.PeriodRow("Cluster Démonstration Atlas", (exact, rough)),
                charts.PeriodRow(
                    "Cluster Rif", (charts.Span(date(2021, 3, 1), date(2021, 3, 1), None, None),)
                ),
            ],
            ident="periods",
            title="Périodes de soutien",
            first=date(2012, 6, 1),
            last=date(2026, 11, 27),
            words=period_words,
            markers=[
                charts.Marker(date(2026, 11, 27), "Date de référence"),
                charts.Marker(date(2014, 1, 1), "Label"),
            ],
            **common,
        ),
        charts.step_curve(
            intake,
            ident="intake",
            title="Dépôts",
            first=NOW - timedelta(days=12),
            last=CLOSES_AT,
            time_header="Instant",
            value_header="Dépôts",
            line_at=CLOSES_AT - timedelta(days=1),
            line_label="Date limite",
            **common,
        ),
    ]


def context(request: HttpRequest) -> dict:
    data = {
        "members-TOTAL_FORMS": "2",
        "members-INITIAL_FORMS": "0",
        "members-0-name": "Société Démonstration",
        "members-0-kind": "sme",
    }
    bound = request.method == "POST" or "erreurs" in request.GET
    formset_args = {"data": data} if bound else {"initial": [{"name": "Société Démonstration"}]}
    step = lambda label, state, note="": {"label": label, "state": state, "note": note}  # noqa: E731
    return {
        "title": "Appel à projets pour les clusters industriels 2026",
        "now": NOW,
        "closes_at": CLOSES_AT,
        "left": CLOSES_AT - NOW,
        "form": ProjectForm({"name": "", "sector": "a", "starts_on": "31"} if bound else None),
        "formset": MemberFormSet(prefix="members", **formset_args),
        "filters": Filters({}),
        "steps": [
            step("Ouvert", "done", "3 octobre 2026"),
            step("Clos", "done"),
            step("Recevabilité", "current"),
            step("Jury", "todo"),
            step("Résultats", "todo"),
        ],
        "events": [
            {"label": "Déposé", "state": "done", "at": NOW, "note": ""},
            {"label": "En instruction", "state": "current", "at": None, "on": date(2026, 12, 1), "note": ""},
            {"label": "Jury", "state": "todo", "at": None, "on": None, "note": "date à fixer"},
            {"label": "Décision", "state": "todo", "at": None, "on": None, "note": ""},
        ],
        "tones": [
            ("Recevable", "positive"),
            ("Ouvert", "active"),
            ("En attente", "waiting"),
            ("Irrecevable", "negative"),
            ("Brouillon", "neutral"),
        ],
        "tasks": [
            {
                "label": "Identité du cluster",
                "href": "#",
                "hint": "Nom, secteur, forme juridique",
                "state_label": "Complète",
                "tone": "positive",
            },
            {"label": "Membres", "href": "#", "hint": "", "state_label": "En cours", "tone": "waiting"},
            {
                "label": "Dépôt",
                "href": "",
                "hint": "Quand toutes les sections sont complètes",
                "state_label": "Pas encore possible",
                "tone": "neutral",
            },
        ],
        "facts": [
            ("Nom", "Cluster Démonstration Atlas"),
            ("Nom en arabe", "تجمع الأطلس التجريبي"),
            ("ICE", "001234567000089"),
            ("Site", ""),
        ],
        "figures": [("12", "à contrôler"), ("3", "en retard"), ("1", "appel qui ferme bientôt")],
        "rows": [
            ("Cluster Démonstration Atlas", "Casablanca", Decimal("1250000")),
            ("تجمع تجريبي", "فاس", Decimal("900500.5")),
        ],
        "page_obj": Paginator(range(200), 20).page(3),
        "marks": ["0", "0,5", "1", "1,5", "2", "2,5", "3", "3,5", "4", "4,5", "5"],
        "consequences": [
            "L'appel devient visible de tous.",
            "Les critères ne changent plus que par additif.",
        ],
        "sha": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "charts": drawn(get_language()),
    }


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    if "erreurs" not in request.GET:
        messages.success(request, "Le dossier a été enregistré.")
        messages.error(request, "La pièce n'a pas été reçue.")
    engine = engines["django"].engine
    folders = [str(TEMPLATES), *engine.dirs]
    from django.template.loaders.app_directories import Loader as AppLoader
    from django.template.loaders.filesystem import Loader

    saved, engine.template_loaders = engine.template_loaders, [Loader(engine, folders), AppLoader(engine)]
    try:
        return HttpResponse(engines["django"].get_template("gallery.html").render(context(request), request))
    finally:
        engine.template_loaders = saved


@login_not_required
def save(request: HttpRequest) -> HttpResponse:
    SAVED.append(request.POST.dict())
    return JsonResponse({"saved_at": "9 h 12", "version": len(SAVED) + 3})


@login_not_required
def poll(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=286)  # htmx: stop asking


@login_not_required
def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def error(view):
    return login_not_required(lambda request: view(request))


handler400 = "clusters_portal.errors_views.bad_request"
handler403 = "clusters_portal.errors_views.forbidden"
handler404 = "clusters_portal.errors_views.not_found"
handler500 = "clusters_portal.errors_views.server_error"

urlpatterns = [
    path("", gallery, name="gallery"),
    path("enregistrer/", save),
    path("poll/", poll),
    path("erreur/500/", fails),
    path("erreur/403/", error(errors_views.forbidden)),
    path("erreur/409/", error(errors_views.conflict)),
    path("erreur/413/", error(errors_views.too_large)),
    path("erreur/429/", error(errors_views.too_many)),
    path("erreur/503/", error(errors_views.unavailable)),
    path("langue/", pages.set_language, name="set_language"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("compte/", include("allauth.urls")),
]
