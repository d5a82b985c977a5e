"""The sentences of the 8-year rule, in French and Arabic. Both give both counts, to the day."""

from applications.domain.support_counts import Count
from applications.domain.support_years import Ground, SupportAnswer
from applications.domain.wording import (
    DAY_AR,
    counted_ar,
    counted_fr,
    day_ar,
    day_fr,
    french,
    length_ar,
    length_fr,
    on_day_ar,
    on_day_fr,
    years_ar,
    years_fr,
)
from applications.enums import SupportCount

_COUNT_FR = {
    SupportCount.SINCE_FIRST_LABEL: "la durée écoulée depuis la première labellisation",
    SupportCount.SUM_OF_SUPPORT: "la somme des périodes de soutien",
}
_COUNT_AR = {
    SupportCount.SINCE_FIRST_LABEL: "المدة المنقضية منذ أول علامة",
    SupportCount.SUM_OF_SUPPORT: "مجموع فترات الدعم",
}


def reason_fr(answer: SupportAnswer) -> str:
    sentences = [_label_fr(answer), _counts_fr(answer), _verdict_fr(answer)]
    for conflict in answer.conflicts:
        sentences.append(
            f"Les sources se contredisent : une période de soutien a commencé {on_day_fr(conflict.period_start)}, "
            f"avant la première labellisation connue ({day_fr(conflict.first_label_on)} au plus tôt)."
        )
    if answer.rests_on_unconfirmed:
        sentences.append("Ces faits proviennent de sources publiques et restent à confirmer.")
    return french(" ".join(sentence for sentence in sentences if sentence))


def reason_ar(answer: SupportAnswer) -> str:
    sentences = [_label_ar(answer), _counts_ar(answer), _verdict_ar(answer)]
    for conflict in answer.conflicts:
        sentences.append(
            f"تتعارض المصادر: بدأت إحدى فترات الدعم {on_day_ar(conflict.period_start)}، أي قبل أول علامة معروفة "
            f"({day_ar(conflict.first_label_on)} على أقرب تقدير)."
        )
    if answer.rests_on_unconfirmed:
        sentences.append("هذه الوقائع مستقاة من مصادر عمومية ولا تزال في حاجة إلى تأكيد.")
    return " ".join(sentence for sentence in sentences if sentence)


def _label_fr(answer: SupportAnswer) -> str:
    first = answer.first
    if first is None:
        return ""
    if first.interval:
        return f"Première labellisation {on_day_fr(first.interval)}."
    known = f", au plus tard le {day_fr(first.latest)}" if first.latest else ""
    return f"Le registre mentionne une labellisation dont la date n'est pas connue{known}."


def _label_ar(answer: SupportAnswer) -> str:
    first = answer.first
    if first is None:
        return ""
    if first.interval:
        return f"مُنحت أول علامة {on_day_ar(first.interval)}."
    known = f"، وذلك في {day_ar(first.latest)} على أبعد تقدير" if first.latest else ""
    return f"يشير السجل إلى علامة لا يُعرف تاريخ منحها{known}."


def _counts_fr(answer: SupportAnswer) -> str:
    if answer.ground == Ground.NEVER_LABELLED:
        return ""
    since = _length_fr(answer.since_first_label)
    total = _length_fr(answer.sum_of_support) + _days_fr(answer.sum_of_support)
    return (
        f"Au {day_fr(answer.on)}, la durée écoulée depuis la première labellisation {since} ; "
        f"la somme des périodes de soutien {total}."
    )


def _counts_ar(answer: SupportAnswer) -> str:
    if answer.ground == Ground.NEVER_LABELLED:
        return ""
    return (
        f"في {day_ar(answer.on)}: المدة المنقضية منذ أول علامة {_length_ar(answer.since_first_label)}؛ "
        f"ومجموع فترات الدعم {_length_ar(answer.sum_of_support)}{_days_ar(answer.sum_of_support)}."
    )


def _length_fr(count: Count | None) -> str:
    if count is None:
        return "n'est pas établie"
    least, greatest = count.years_and_days()
    if greatest is None:
        return f"est d'au moins {length_fr(*least)}"
    if least == greatest:
        return f"est de {length_fr(*least)}"
    return f"est comprise entre {length_fr(*least)} et {length_fr(*greatest)}"


def _length_ar(count: Count | None) -> str:
    if count is None:
        return "في حاجة إلى معطيات غير متوفرة"
    least, greatest = count.years_and_days()
    if greatest is None:
        return f"بما لا يقل عن {length_ar(*least)}"
    if least == greatest:
        return f"بمقدار {length_ar(*least)}"
    return f"من {length_ar(*least)} إلى {length_ar(*greatest)}"


def _days_fr(count: Count | None) -> str:
    """The days that the years stand for: three years of contract may read « 3 ans 1 jour » once put together."""
    if count is None or count.greatest is None:
        return ""
    if count.least == count.greatest:
        return f" ({counted_fr(count.least, 'jour', 'jours')} au total)"
    return f" ({count.least} à {counted_fr(count.greatest, 'jour', 'jours')} au total)"


def _days_ar(count: Count | None) -> str:
    if count is None or count.greatest is None:
        return ""
    if count.least == count.greatest:
        return f" (أي {counted_ar(count.least, DAY_AR)} في المجموع)" if count.least else ""
    return f" (أي من {count.least} إلى {counted_ar(count.greatest, DAY_AR)} في المجموع)"


def _is_exactly(answer: SupportAnswer) -> bool:
    count = answer.deciding
    exact = (answer.settings.years, 0)
    return count is not None and count.years_and_days() == (exact, exact)


def _verdict_fr(answer: SupportAnswer) -> str:
    years, count = years_fr(answer.settings.years), _COUNT_FR[answer.settings.count]
    decides = f"Le décompte retenu par l'appel est {count}"
    match answer.ground:
        case Ground.EXCEEDED:
            return f"{decides} : elle dépasse {years}."
        case Ground.NOT_EXCEEDED:
            exactly = f" ({years} exactement ne suffisent pas)" if _is_exactly(answer) else ""
            return (
                f"{decides} : elle ne dépasse pas {years}{exactly}. Déjà labellisé, le cluster ne relève pas de la "
                f"voie « nouveau cluster » ; il ne relève pas non plus, à cette date, de la voie « cluster existant »."
            )
        case Ground.NEVER_LABELLED:
            return (
                f"Aucune labellisation antérieure au {day_fr(answer.on)} n'est inscrite au registre : au sens de "
                "l'appel, le cluster est nouveau, quelle que soit son ancienneté."
            )
        case Ground.DATES_DISAGREE:
            return (
                f"{decides} : selon les dates possibles, elle dépasse ou ne dépasse pas {years}. Les dates exactes "
                "sont à vérifier sur pièces."
            )
        case Ground.LABEL_DATE_UNKNOWN:
            return f"{decides} : sans la date de labellisation, la condition de {years} est à vérifier sur pièces."
        case Ground.LABEL_MAY_BE_LATER:
            return (
                f"La labellisation peut être antérieure ou postérieure au {day_fr(answer.on)} : sa date est à "
                "vérifier sur pièces."
            )
        case Ground.LABEL_UNRECORDED:
            return (
                "Le registre mentionne un soutien de l'État sans labellisation antérieure : le cluster ne peut être "
                "tenu pour nouveau avant vérification."
            )
        case Ground.NO_PERIOD:
            return (
                f"{decides} : aucune période de soutien antérieure n'est inscrite au registre, la condition de "
                f"{years} est à vérifier sur pièces."
            )
        case Ground.PERIOD_DATE_UNKNOWN:
            return (
                f"{decides} : les dates d'une période de soutien ne sont pas connues, la condition de {years} est à "
                "vérifier sur pièces."
            )


def _verdict_ar(answer: SupportAnswer) -> str:
    years, count = years_ar(answer.settings.years), _COUNT_AR[answer.settings.count]
    decides = f"والاحتساب المعتمد في طلب المشاريع هو {count}"
    match answer.ground:
        case Ground.EXCEEDED:
            return f"{decides}، وقد تجاوز {years}."
        case Ground.NOT_EXCEEDED:
            exactly = f" (وبلوغ {years} بالضبط لا يكفي)" if _is_exactly(answer) else ""
            return (
                f"{decides}، ولم يتجاوز {years}{exactly}. وبما أن التجمع سبق أن حصل على العلامة، فإنه لا يندرج ضمن "
                "مسار «تجمع جديد»، ولا يندرج كذلك، في هذا التاريخ، ضمن مسار «تجمع قائم»."
            )
        case Ground.NEVER_LABELLED:
            return (
                f"لا يتضمن السجل أي علامة مُنحت قبل {day_ar(answer.on)}: فالتجمع جديد بمفهوم طلب المشاريع، مهما كان "
                "تاريخ إحداثه."
            )
        case Ground.DATES_DISAGREE:
            return (
                f"{decides}، وقد يتجاوز {years} أو لا يتجاوزها بحسب التواريخ الممكنة. ويتعين التحقق من التواريخ "
                "المضبوطة استنادا إلى الوثائق."
            )
        case Ground.LABEL_DATE_UNKNOWN:
            return f"{decides}. ولعدم معرفة تاريخ منح العلامة، يتعين التحقق من شرط تجاوز {years} استنادا إلى الوثائق."
        case Ground.LABEL_MAY_BE_LATER:
            return (
                f"قد تكون العلامة مُنحت قبل {day_ar(answer.on)} أو بعده: "
                "ويتعين التحقق من تاريخها استنادا إلى الوثائق."
            )
        case Ground.LABEL_UNRECORDED:
            return "يشير السجل إلى دعم من الدولة دون علامة سابقة: فلا يمكن اعتبار التجمع جديدا قبل التحقق من ذلك."
        case Ground.NO_PERIOD:
            return (
                f"{decides}. ولا يتضمن السجل أي فترة دعم سابقة، لذا يتعين التحقق من شرط تجاوز {years} استنادا إلى "
                "الوثائق."
            )
        case Ground.PERIOD_DATE_UNKNOWN:
            return (
                f"{decides}. ولعدم معرفة تواريخ إحدى فترات الدعم، يتعين التحقق من شرط تجاوز {years} استنادا إلى "
                "الوثائق."
            )
