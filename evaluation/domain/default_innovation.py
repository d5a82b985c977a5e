"""Texts of the second criterion of the default grid, proposed by the portal until the Ministry confirms them."""

from decimal import Decimal

from evaluation.domain.grid_texts import CriterionTexts, SubcriterionTexts, Text
from evaluation.enums import CriterionCode

PARTNERSHIPS = SubcriterionTexts(
    code="partnerships",
    title=Text("Partenariats et moyens mutualisés", "الشراكات والوسائل المشتركة"),
    guidance=Text(
        "Accords entre entreprises, recherche et formation ; plateformes, équipements et services partagés.",
        "الاتفاقات بين المقاولات والبحث والتكوين؛ والمنصات والتجهيزات والخدمات المشتركة.",
    ),
    anchors=(
        Text("Ni partenariat ni moyen partagé.", "لا شراكة ولا وسائل مشتركة."),
        Text("Partenariats envisagés, sans forme.", "شراكات مرتقبة دون إطار."),
        Text("Accords de principe ; peu de moyens partagés.", "اتفاقات مبدئية؛ وسائل مشتركة قليلة."),
        Text(
            "Accords signés entre entreprises et recherche ; moyens partagés décrits.",
            "اتفاقات موقعة بين المقاولات والبحث؛ وسائل مشتركة موصوفة.",
        ),
        Text(
            "Accords équilibrés, propriété intellectuelle réglée, moyens accessibles à tous les membres.",
            "اتفاقات متوازنة وملكية فكرية مضبوطة ووسائل متاحة لجميع الأعضاء.",
        ),
        Text(
            "Réseau de partenariats actif et moyens communs déjà utilisés, avec résultats.",
            "شبكة شراكات نشيطة ووسائل مشتركة مستعملة فعلاً وذات نتائج.",
        ),
    ),
)

STEERING = SubcriterionTexts(
    code="steering",
    title=Text("Équipe de pilotage et chef de file", "فريق القيادة ورئيس المشروع"),
    guidance=Text(
        "Compétences, disponibilité, expérience de la conduite de projets collaboratifs.",
        "الكفاءات والتفرغ والخبرة في قيادة المشاريع التعاونية.",
    ),
    anchors=(
        Text("Aucune équipe désignée.", "لا فريق معيَّن."),
        Text("Équipe nommée, sans rôle ni disponibilité.", "فريق معيَّن دون أدوار ولا تفرغ."),
        Text("Rôles décrits ; expérience limitée.", "أدوار موصوفة؛ خبرة محدودة."),
        Text("Équipe compétente et disponible.", "فريق كفء ومتفرغ."),
        Text(
            "Équipe expérimentée, chef de file reconnu, organisation claire.",
            "فريق متمرس ورئيس مشروع معترف به وتنظيم واضح.",
        ),
        Text(
            "Équipe complète dont les projets collaboratifs passés ont abouti.",
            "فريق متكامل نجحت مشاريعه التعاونية السابقة.",
        ),
    ),
)

PROJECTS = SubcriterionTexts(
    code="projects",
    title=Text("Qualité des projets collaboratifs", "جودة المشاريع التعاونية"),
    guidance=Text(
        "Nouveauté, maturité (TRL), partenaires, retombées : brevets, start-up, emplois de recherche.",
        "الجِدّة ومستوى النضج (TRL) والشركاء والآثار: براءات ومقاولات ناشئة ومناصب بحث.",
    ),
    anchors=(
        Text("Aucun projet collaboratif.", "لا مشروع تعاوني."),
        Text("Idées de projets, sans partenaire ni budget.", "أفكار مشاريع دون شركاء ولا ميزانية."),
        Text(
            "Projets décrits ; nouveauté ou partenaires faibles.", "مشاريع موصوفة؛ ضعف في الجِدّة أو الشركاء."
        ),
        Text("Projets définis, partenaires et budget identifiés.", "مشاريع محددة وشركاء وميزانية معروفون."),
        Text(
            "Projets nouveaux pour le secteur, jalons et retombées chiffrés.",
            "مشاريع جديدة على القطاع، بمراحل وآثار مرقّمة.",
        ),
        Text(
            "Portefeuille de projets nouveaux, financés, à fort potentiel de brevets et d'emplois.",
            "حافظة مشاريع جديدة ومموَّلة ذات إمكانات قوية من البراءات ومناصب الشغل.",
        ),
    ),
)

CREDIBILITY = SubcriterionTexts(
    code="project-credibility",
    title=Text("Crédibilité technique et économique", "المصداقية التقنية والاقتصادية"),
    guidance=Text(
        "Faisabilité technique, budget et financement des projets, calendrier, risques.",
        "الجدوى التقنية وميزانية المشاريع وتمويلها والجدول الزمني والمخاطر.",
    ),
    anchors=(
        Text("Faisabilité non abordée.", "لم تُتناول الجدوى."),
        Text("Faisabilité affirmée, sans élément.", "جدوى معلنة دون أي عنصر."),
        Text("Éléments partiels ; financement incertain.", "عناصر جزئية؛ تمويل غير مؤكد."),
        Text("Faisabilité et budget cohérents.", "جدوى وميزانية منسجمتان."),
        Text(
            "Faisabilité démontrée, financement identifié, risques traités.",
            "جدوى مبرهن عليها وتمويل محدد ومخاطر مُعالَجة.",
        ),
        Text(
            "Preuves techniques et économiques, financement assuré.",
            "أدلة تقنية واقتصادية وتمويل مضمون.",
        ),
    ),
)

INNOVATION = CriterionTexts(
    code=CriterionCode.INNOVATION,
    weight=Decimal(40),
    title=Text("Innovation collaborative", "الابتكار التعاوني"),
    guidance=Text(
        "Ce que les membres inventent ensemble, avec quelle équipe et quels moyens.",
        "ما يبتكره الأعضاء معاً، وبأي فريق وأي وسائل.",
    ),
    subcriteria=(PARTNERSHIPS, STEERING, PROJECTS, CREDIBILITY),
)
