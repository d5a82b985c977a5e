"""Plausible fictional content for rehearsals, in French and Arabic. Same seed, same dossiers.

Every name says that it is a demonstration; nothing here describes a real body or person.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from applications.enums import MemberType, SectionCode, Track

PLACES = (
    ("Atlas", "الأطلس"),
    ("Oasis", "الواحة"),
    ("Argan", "الأركان"),
    ("Cèdre", "الأرز"),
    ("Safran", "الزعفران"),
    ("Corail", "المرجان"),
    ("Ambre", "العنبر"),
    ("Boussole", "البوصلة"),
    ("Phare", "المنارة"),
    ("Caravane", "القافلة"),
    ("Jasmin", "الياسمين"),
    ("Granit", "الغرانيت"),
    ("Lagune", "البحيرة"),
    ("Palmier", "النخيل"),
    ("Horizon", "الأفق"),
    ("Zellige", "الزليج"),
    ("Cobalt", "الكوبالت"),
    ("Galet", "الحصى"),
    ("Menthe", "النعناع"),
    ("Voilier", "الشراع"),
)
VISIONS = (
    (
        (
            "Faire travailler ensemble industriels, start-up et laboratoires sur une même chaîne de valeur, "
            "et porter à trois ans la part des composants produits localement de 20 % à 35 %."
        ),
        (
            "جمع الصناعيين والشركات الناشئة والمختبرات حول سلسلة قيمة واحدة، "
            "ورفع نسبة المكونات المصنعة محليا من 20% إلى 35% خلال ثلاث سنوات."
        ),
    ),
    (
        (
            "Structurer une filière aujourd'hui dispersée, mutualiser les essais et la certification, "
            "et ouvrir aux PME les marchés que seules de grandes entreprises atteignent."
        ),
        (
            "هيكلة قطاع مشتت حاليا، وتقاسم وسائل الاختبار والمصادقة، "
            "وفتح الأسواق أمام المقاولات الصغرى والمتوسطة."
        ),
    ),
    (
        (
            "Réduire de moitié la consommation d'eau et d'énergie des procédés de nos membres "
            "en cinq ans, par des projets de recherche conduits avec deux universités."
        ),
        (
            "خفض استهلاك الماء والطاقة في عمليات أعضائنا إلى النصف خلال خمس سنوات، "
            "عبر مشاريع بحث تنجز مع جامعتين."
        ),
    ),
)
PROJECTS = (
    ("Banc d'essai partagé", "Plateforme d'essais ouverte aux membres"),
    ("Jumeau numérique de ligne", "Modèle commun de simulation des lignes"),
    ("Matériaux recyclés", "Procédé de valorisation des chutes"),
    ("Capteurs sobres", "Capteurs sans fil à basse consommation"),
    ("Formation par l'atelier", "Parcours de formation en alternance"),
)
MARKETS = (
    "Espagne, France et Sénégal, par des salons professionnels et deux accords de distribution.",
    "Afrique de l'Ouest et Allemagne, avec un partenariat entre clusters en cours de signature.",
    "Tunisie, Italie et Côte d'Ivoire ; objectif de deux projets européens déposés en trois ans.",
)
FIRM_TYPES = (MemberType.SME, MemberType.SME, MemberType.STARTUP, MemberType.LARGE_FIRM, MemberType.SME)
OTHER_TYPES = (MemberType.RESEARCH, MemberType.TRAINING, MemberType.ASSOCIATION, MemberType.INSTITUTION)
EMPTY_YEARS = 3


@dataclass(frozen=True)
class Profile:
    """What sets a rehearsed dossier apart: its track, how many members, whether it meets the usual thresholds."""

    index: int
    track: Track
    members: int
    firms: int
    has_research: bool
    in_arabic: bool
    cluster_code: str = ""


def place(index: int) -> tuple[str, str]:
    """A name and its Arabic, numbered from the second round on so that no two are alike."""
    french, arabic = PLACES[index % len(PLACES)]
    turn = index // len(PLACES)
    return (french, arabic) if turn == 0 else (f"{french} {turn + 1}", f"{arabic} {turn + 1}")


def cluster_names(index: int) -> tuple[str, str]:
    french, arabic = place(index)
    return f"Cluster Démonstration {french}", f"التجمع التجريبي {arabic}"


def fictional_ice(index: int) -> str:
    """A 15-digit number that satisfies the check (mod 97) in a range that nobody uses."""
    body = 999_000_000_0000 + index
    return f"{body:013d}{(97 - (body * 100) % 97) % 97:02d}"


def profile(index: int, *, rng: Random, existing: list[str]) -> Profile:
    """Most dossiers meet the thresholds; every seventh lacks members, every eleventh lacks research."""
    is_existing = bool(existing) and index % 5 == 4
    members = 12 if index % 7 == 6 else rng.randint(15, 24)
    has_research = index % 11 != 10
    others = 2 if has_research else 1
    firms = members // 2 if index % 13 == 12 else members - others - rng.randint(0, 2)
    return Profile(
        index=index,
        track=Track.EXISTING if is_existing else Track.NEW,
        members=members,
        firms=firms,
        has_research=has_research,
        in_arabic=index % 3 == 2,
        cluster_code=existing[(index // 5) % len(existing)] if is_existing else "",
    )


def member_rows(wanted: Profile, *, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for number in range(wanted.members):
        if number < wanted.firms:
            kind = FIRM_TYPES[number % len(FIRM_TYPES)]
        elif wanted.has_research and number == wanted.firms:
            kind = MemberType.RESEARCH
        else:
            kind = rng.choice(OTHER_TYPES if wanted.has_research else OTHER_TYPES[2:])
        rows.append(
            {
                "name": f"Membre Démonstration {wanted.index + 1}-{number + 1}",
                "type": kind.value,
                "ice": fictional_ice(wanted.index * 100 + number),
                "region": f"{rng.randint(1, 12):02d}",
                "joined_on": f"{rng.randint(2019, 2025)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
                "commitment": True,
            }
        )
    return rows


def budget_rows(*, rng: Random) -> list[dict[str, Any]]:
    """Uses and resources with equal totals in each year."""
    salaries = [rng.randrange(600, 1_500, 50) * 1_000 for _year in range(EMPTY_YEARS)]
    projects = [rng.randrange(800, 4_000, 100) * 1_000 for _year in range(EMPTY_YEARS)]
    state = [(salary + project) // 2 for salary, project in zip(salaries, projects, strict=True)]
    dues = [salary + project - part for salary, project, part in zip(salaries, projects, state, strict=True)]
    return [
        {"kind": kind, "label": label, "amounts": [f"{amount}.00" for amount in amounts]}
        for kind, label, amounts in (
            ("use", "Équipe d'animation", salaries),
            ("use", "Projets collaboratifs", projects),
            ("resource", "Appui de l'État demandé", state),
            ("resource", "Cotisations et prestations", dues),
        )
    ]


def sections(
    wanted: Profile, *, rng: Random, sector: str, first_year: int
) -> dict[SectionCode, dict[str, Any]]:
    """The answers of one dossier, complete in the sense of the form."""
    french, arabic = cluster_names(wanted.index)
    vision_fr, vision_ar = VISIONS[wanted.index % len(VISIONS)]
    vision = vision_ar if wanted.in_arabic else vision_fr
    number = wanted.index + 1
    answers: dict[SectionCode, dict[str, Any]] = {
        SectionCode.TRACK: {"track": wanted.track.value, "cluster": wanted.cluster_code},
        SectionCode.IDENTITY: {
            "name": french,
            "name_ar": arabic,
            "acronym": f"CD{number:02d}",
            "sector": sector,
            "region": f"{rng.randint(1, 12):02d}",
            "city": "Ville Démonstration",
            "legal_form": "association",
            "legal_stage": "created",
            "created_on": f"{rng.randint(2016, 2024)}-03-01",
            "receipt_kind": "final",
            "receipt_number": f"DEMO/{number:04d}",
            "receipt_on": f"{rng.randint(2024, 2025)}-06-15",
            "ice": fictional_ice(90_000 + wanted.index),
        },
        SectionCode.REPRESENTATION: {
            "representative": f"Représentant Démonstration {number}",
            "capacity": "رئيس الجمعية" if wanted.in_arabic else "Président de l'association",
            "email": f"porteur{number}@demo.example",
            "phone": "+212 5 00 00 00 00",
            "project_leader": f"Chef de projet Démonstration {number}",
        },
        SectionCode.MEMBERS: {"rows": member_rows(wanted, rng=rng)},
        SectionCode.STRATEGY: {
            "vision": vision,
            "market": "Marché national en croissance de 6 % par an ; importations encore majoritaires.",
            "value_added": "Valeur ajoutée locale portée de 20 % à 35 % du chiffre d'affaires des membres.",
            "market_share": "Deux points de part de marché nationale par an pendant trois ans.",
            "partner_support": "Lettres d'appui de la fédération professionnelle et de deux donneurs d'ordres.",
            "public_private": "Objectifs alignés sur la stratégie industrielle régionale ; suivi semestriel partagé.",
        },
        SectionCode.INNOVATION: {
            "partnerships": "Accord-cadre entre membres : propriété intellectuelle, coûts et résultats partagés.",
            "steering_team": f"Équipe de cinq personnes ; directeur : Chef de projet Démonstration {number}.",
            "leader": f"Membre Démonstration {number}-1",
            "shared_means": "Banc d'essai, cellule de veille, acheteur commun.",
            "rows": [
                {
                    "title": title,
                    "partners": f"Membre Démonstration {number}-{first + 1}, laboratoire associé",
                    "trl": rng.randint(3, 7),
                    "budget": f"{rng.randrange(500, 3_000, 100) * 1_000}.00",
                    "ip": detail,
                }
                for first, (title, detail) in enumerate(rng.sample(PROJECTS, 2 + wanted.index % 2))
            ],
        },
        SectionCode.INTERNATIONAL: {
            "markets": MARKETS[wanted.index % len(MARKETS)],
            "partners": "Deux clusters étrangers, lettres d'intention jointes.",
            "actions": "Trois salons par an, une mission collective, un appel européen visé.",
        },
        SectionCode.GOVERNANCE: {
            "bodies": "Assemblée générale, conseil de neuf membres, trois collèges.",
            "staff": "Un directeur, deux chargés de projet.",
            "services": "Veille, montage de projets, achats groupés, formation.",
        },
        SectionCode.BUDGET: {"first_year": first_year, "rows": budget_rows(rng=rng)},
        SectionCode.COMMITMENTS: {
            "rows": [
                {
                    "year": first_year + offset,
                    "projects": rng.randint(1, 6),
                    "patents": rng.randint(0, 3),
                    "startups": rng.randint(0, 4),
                    "jobs": rng.randint(2, 20),
                    "trainings": rng.randint(1, 10),
                }
                for offset in range(EMPTY_YEARS)
            ]
        },
        SectionCode.CONFIDENTIALITY: {"secret_fields": "", "data_notice": True},
        SectionCode.STATEMENT: {
            "signatory": f"Représentant Démonstration {number}",
            "capacity": "Président de l'association",
            "declared": True,
        },
    }
    if wanted.track == Track.EXISTING:
        answers[SectionCode.TRACK_RECORD] = {
            "summary": "Onze projets collaboratifs menés à terme, quatre brevets, une trentaine d'emplois de R&D.",
            "rows": [
                {
                    "label": "Premier contrat-programme",
                    "start_on": "2014-01-01",
                    "end_on": "2017-01-01",
                    "amount": "6000000.00",
                }
            ],
        }
    return answers
