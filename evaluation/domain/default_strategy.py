"""Texts of the first criterion of the default grid, proposed by the portal until the Ministry confirms them."""

from decimal import Decimal

from evaluation.domain.grid_texts import CriterionTexts, SubcriterionTexts, Text
from evaluation.enums import CriterionCode

VALUE_ADDED = SubcriterionTexts(
    code="value-added",
    title=Text("Valeur ajoutée et parts de marché", "القيمة المضافة وحصص السوق"),
    guidance=Text(
        "Vision, analyse du marché, objectifs chiffrés de valeur ajoutée et de parts de marché.",
        "الرؤية وتحليل السوق والأهداف المرقّمة للقيمة المضافة وحصص السوق.",
    ),
    anchors=(
        Text("Aucune analyse du marché ni objectif.", "لا تحليل للسوق ولا هدف."),
        Text("Intentions générales, sans chiffre.", "نوايا عامة دون أي رقم."),
        Text("Analyse partielle ; objectifs peu reliés au marché.", "تحليل جزئي؛ أهداف ضعيفة الصلة بالسوق."),
        Text("Analyse correcte ; objectifs chiffrés et plausibles.", "تحليل سليم؛ أهداف مرقّمة ومعقولة."),
        Text(
            "Analyse étayée ; objectifs chiffrés par année, avec leurs hypothèses.",
            "تحليل مدعّم؛ أهداف مرقّمة لكل سنة مع فرضياتها.",
        ),
        Text(
            "Vision distinctive, marché documenté, objectifs ambitieux et démontrés.",
            "رؤية متميزة وسوق موثّق وأهداف طموحة ومبرهن عليها.",
        ),
    ),
)

PARTNER_SUPPORT = SubcriterionTexts(
    code="partner-support",
    title=Text("Adhésion et appui des partenaires", "انخراط الشركاء ودعمهم"),
    guidance=Text(
        "Engagements écrits des membres et des partenaires, contributions en moyens et en financement.",
        "الالتزامات المكتوبة للأعضاء والشركاء، ومساهماتهم بالوسائل والتمويل.",
    ),
    anchors=(
        Text("Aucun partenaire engagé.", "لا شريك ملتزم."),
        Text("Partenaires cités, sans engagement écrit.", "شركاء مذكورون دون التزام مكتوب."),
        Text("Quelques lettres, sans contribution précise.", "بعض الرسائل دون مساهمة محددة."),
        Text("Engagements écrits de la majorité des membres.", "التزامات مكتوبة من أغلبية الأعضاء."),
        Text(
            "Engagements écrits et chiffrés, de toutes les catégories de membres.",
            "التزامات مكتوبة ومرقّمة من جميع فئات الأعضاء.",
        ),
        Text(
            "Engagements fermes et pluriannuels, couvrant une part notable du budget.",
            "التزامات ثابتة متعددة السنوات تغطي جزءاً مهماً من الميزانية.",
        ),
    ),
)

PUBLIC_PRIVATE = SubcriterionTexts(
    code="public-private",
    title=Text("Convergence public-privé", "الالتقائية بين القطاعين العام والخاص"),
    guidance=Text(
        "Cohérence avec les stratégies sectorielles et territoriales, rôle des acteurs publics et privés.",
        "الانسجام مع الاستراتيجيات القطاعية والترابية، ودور الفاعلين العموميين والخواص.",
    ),
    anchors=(
        Text("Aucun lien avec les politiques publiques.", "لا صلة بالسياسات العمومية."),
        Text("Référence générale aux politiques publiques.", "إشارة عامة إلى السياسات العمومية."),
        Text("Liens identifiés, sans traduction dans le plan.", "صلات محددة دون ترجمة في المخطط."),
        Text("Actions alignées sur une stratégie publique.", "إجراءات منسجمة مع استراتيجية عمومية."),
        Text(
            "Actions communes entre acteurs publics et privés, réparties et datées.",
            "إجراءات مشتركة بين الفاعلين العموميين والخواص، موزّعة ومؤرخة.",
        ),
        Text(
            "Convergence organisée : gouvernance, moyens et indicateurs partagés.",
            "التقائية منظمة: حكامة ووسائل ومؤشرات مشتركة.",
        ),
    ),
)

CREDIBILITY = SubcriterionTexts(
    code="plan-credibility",
    title=Text("Crédibilité technique et économique", "المصداقية التقنية والاقتصادية"),
    guidance=Text(
        "Réalisme du plan et du budget, équilibre des ressources, équipe, risques ; bilan pour un cluster existant.",
        "واقعية المخطط والميزانية، وتوازن الموارد، والفريق، والمخاطر؛ والحصيلة بالنسبة لتجمع قائم.",
    ),
    anchors=(
        Text("Plan et budget absents ou incohérents.", "مخطط وميزانية غائبان أو غير منسجمين."),
        Text("Plan sommaire, budget non justifié.", "مخطط مقتضب وميزانية غير مبررة."),
        Text("Plan lisible ; ressources incertaines.", "مخطط واضح؛ موارد غير مؤكدة."),
        Text(
            "Plan et budget cohérents, pour l'essentiel justifiés.",
            "مخطط وميزانية منسجمان ومبرران في معظمهما.",
        ),
        Text(
            "Plan solide, ressources identifiées, risques traités.",
            "مخطط متين وموارد محددة ومخاطر مُعالَجة.",
        ),
        Text(
            "Plan éprouvé, ressources assurées, autonomie financière démontrée.",
            "مخطط مُجرَّب وموارد مضمونة واستقلالية مالية مبرهن عليها.",
        ),
    ),
)

STRATEGY = CriterionTexts(
    code=CriterionCode.STRATEGY,
    weight=Decimal(35),
    title=Text("Stratégie de développement", "استراتيجية التطوير"),
    guidance=Text(
        "Ce que le cluster apporte au secteur, avec qui, et s'il peut le tenir.",
        "ما يقدمه التجمع للقطاع، ومع من، ومدى قدرته على الوفاء به.",
    ),
    subcriteria=(VALUE_ADDED, PARTNER_SUPPORT, PUBLIC_PRIVATE, CREDIBILITY),
)
