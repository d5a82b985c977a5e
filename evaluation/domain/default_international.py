"""Texts of the third criterion of the default grid, proposed by the portal until the Ministry confirms them."""

from decimal import Decimal

from evaluation.domain.grid_texts import CriterionTexts, SubcriterionTexts, Text
from evaluation.enums import CriterionCode

MARKETS = SubcriterionTexts(
    code="markets",
    title=Text("Marchés visés", "الأسواق المستهدفة"),
    guidance=Text(
        "Choix des pays et des segments, connaissance des marchés, objectifs d'exportation.",
        "اختيار البلدان والشرائح ومعرفة الأسواق وأهداف التصدير.",
    ),
    anchors=(
        Text("Aucun marché étranger visé.", "لا سوق أجنبية مستهدفة."),
        Text("Marchés cités, sans analyse.", "أسواق مذكورة دون تحليل."),
        Text("Marchés choisis, analyse partielle.", "أسواق مختارة وتحليل جزئي."),
        Text("Marchés choisis et décrits, objectifs chiffrés.", "أسواق مختارة وموصوفة وأهداف مرقّمة."),
        Text(
            "Marchés hiérarchisés, accès et concurrence étudiés.",
            "أسواق مرتبة حسب الأولوية ودراسة للولوج والمنافسة.",
        ),
        Text(
            "Marchés démontrés par des contacts ou des ventes déjà réalisés.",
            "أسواق مبرهن عليها باتصالات أو مبيعات منجزة.",
        ),
    ),
)

PARTNERS = SubcriterionTexts(
    code="partners",
    title=Text("Partenaires internationaux", "الشركاء الدوليون"),
    guidance=Text(
        "Clusters et organismes étrangers, nature des accords, réseaux et labels internationaux.",
        "التجمعات والهيئات الأجنبية، وطبيعة الاتفاقات، والشبكات والعلامات الدولية.",
    ),
    anchors=(
        Text("Aucun partenaire étranger.", "لا شريك أجنبي."),
        Text("Partenaires souhaités.", "شركاء مرغوب فيهم."),
        Text("Contacts engagés, sans accord.", "اتصالات جارية دون اتفاق."),
        Text("Au moins un accord signé et utile au plan.", "اتفاق موقع واحد على الأقل ومفيد للمخطط."),
        Text("Plusieurs accords, avec des actions communes datées.", "عدة اتفاقات بإجراءات مشتركة مؤرخة."),
        Text(
            "Partenariats actifs et résultats communs déjà obtenus.",
            "شراكات نشيطة ونتائج مشتركة محققة.",
        ),
    ),
)

ACTIONS = SubcriterionTexts(
    code="actions",
    title=Text("Crédibilité des actions", "مصداقية الإجراءات"),
    guidance=Text(
        "Programme d'actions, calendrier, budget, responsables, indicateurs.",
        "برنامج الإجراءات والجدول الزمني والميزانية والمسؤولون والمؤشرات.",
    ),
    anchors=(
        Text("Aucune action.", "لا إجراء."),
        Text("Actions citées, sans date ni budget.", "إجراءات مذكورة دون تاريخ ولا ميزانية."),
        Text("Programme incomplet.", "برنامج غير مكتمل."),
        Text("Programme daté et budgété.", "برنامج مؤرخ ومرصودة له ميزانية."),
        Text(
            "Programme complet, responsables et indicateurs désignés.", "برنامج مكتمل بمسؤولين ومؤشرات محددة."
        ),
        Text(
            "Programme déjà engagé, avec des premiers résultats mesurés.",
            "برنامج انطلق تنفيذه بنتائج أولية مقيسة.",
        ),
    ),
)

INTERNATIONAL = CriterionTexts(
    code=CriterionCode.INTERNATIONAL,
    weight=Decimal(25),
    title=Text("Visibilité internationale", "الإشعاع الدولي"),
    guidance=Text(
        "Où le cluster veut être connu, avec qui, et par quelles actions.",
        "أين يريد التجمع أن يُعرف، ومع من، وبأي إجراءات.",
    ),
    subcriteria=(MARKETS, PARTNERS, ACTIONS),
)
