"""A complete fictional dossier, as the sections store it."""

from copy import deepcopy
from typing import Any

from applications.enums import SectionCode as S

ICE = "001561191000066"

_COMPLETE: dict[S, dict[str, Any]] = {
    S.TRACK: {"track": "new", "cluster": ""},
    S.IDENTITY: {
        "name": "Cluster Démonstration Atlas",
        "name_ar": "تجمع الأطلس التجريبي",
        "acronym": "CDA",
        "sector": "tic",
        "region": "06",
        "city": "Casablanca",
        "legal_form": "association",
        "legal_stage": "created",
        "created_on": "2024-02-29",
        "receipt_kind": "final",
        "receipt_number": "12/2024",
        "receipt_on": "2024-04-01",
        "ice": ICE,
    },
    S.REPRESENTATION: {
        "representative": "Promoteur Démonstration 1",
        "capacity": "Présidente",
        "email": "atlas@demo.example",
        "phone": "0522000000",
        "project_leader": "Promoteur Démonstration 2",
    },
    S.MEMBERS: {
        "rows": [
            {
                "name": "Entreprise Démonstration 1",
                "type": "sme",
                "ice": ICE,
                "region": "06",
                "joined_on": "2024-03-01",
                "commitment": True,
            }
        ]
    },
    S.STRATEGY: dict.fromkeys(
        ("vision", "market", "value_added", "market_share", "partner_support", "public_private"), "Texte"
    ),
    S.INNOVATION: {
        **dict.fromkeys(("partnerships", "steering_team", "leader", "shared_means"), "نص"),
        "rows": [{"title": "Banc d'essai", "partners": "École", "trl": 4, "budget": "2000000.00", "ip": ""}],
    },
    S.INTERNATIONAL: dict.fromkeys(("markets", "partners", "actions"), "Texte"),
    S.GOVERNANCE: dict.fromkeys(("bodies", "staff", "services"), "Texte"),
    S.BUDGET: {
        "first_year": 2027,
        "rows": [
            {"kind": "use", "label": "Équipe", "amounts": ["600000.00", "600000.00", "0.00"]},
            {"kind": "use", "label": "Projets", "amounts": ["400000.50", "0.00", "0.00"]},
            {"kind": "resource", "label": "Cotisations", "amounts": ["1000000.50", "600000.00", "0.00"]},
        ],
    },
    S.COMMITMENTS: {
        "rows": [{"year": 2027, "projects": 2, "patents": 0, "startups": 1, "jobs": 10, "trainings": 3}]
    },
    S.TRACK_RECORD: {
        "summary": "Bilan",
        "rows": [
            {"label": "Contrat 1", "start_on": "2011-03-01", "end_on": "2014-03-01", "amount": "6000000.00"}
        ],
    },
    S.CONFIDENTIALITY: {"secret_fields": "", "data_notice": True},
    S.STATEMENT: {"signatory": "Promoteur Démonstration 1", "capacity": "Présidente", "declared": True},
}


def complete_sections() -> dict[S, dict[str, Any]]:
    return deepcopy(_COMPLETE)
