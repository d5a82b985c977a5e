"""Standard sentences of reasons, in French and Arabic: considerations of law, then of fact.

A committee starts from them and edits them. They name the dossier's own marks and the published thresholds, never a
juror, never another dossier's mark, never an amount.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.domain.grids import MARK_MAX, TOTAL_MAX, GridFacts
from evaluation.domain.ranking import RankingRow
from evaluation.domain.scoring import display
from evaluation.enums import Outcome, RankStatus


@dataclass(frozen=True)
class Sentence:
    fr: str
    ar: str


@dataclass(frozen=True)
class Title:
    """The title of a criterion or of an eligibility line, as the call published it."""

    fr: str
    ar: str


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """One paragraph a sentence."""
    given = list(sentences)
    return Sentence("\n".join(one.fr for one in given), "\n".join(one.ar for one in given))


def law_sentence(call: Title) -> Sentence:
    return Sentence(
        f"Vu l'appel à projets « {call.fr} », ses critères, sa grille et ses seuils tels que publiés ; "
        "vu le procès-verbal de délibération du jury.",
        f"بناءً على طلب المشاريع «{call.ar}» ومعاييره وشبكة تقييمه وعتباته كما نُشرت؛ "
        "وبناءً على محضر مداولات لجنة التحكيم.",
    )


def law_sentence_for_eligibility(call: Title) -> Sentence:
    return Sentence(
        f"Vu l'appel à projets « {call.fr} » et ses conditions de recevabilité telles que publiées.",
        f"بناءً على طلب المشاريع «{call.ar}» وشروط القبول كما نُشرت.",
    )


def criterion_met(title: Title, mark: Fraction, threshold: Decimal) -> Sentence:
    own, floor = shown_beside(mark, threshold)
    return Sentence(
        f"Critère « {title.fr} » : le dossier obtient {own} sur {MARK_MAX}, "
        f"pour un seuil de {floor} ; le seuil est atteint.",
        f"معيار «{title.ar}»: حصل الملف على {own} من {MARK_MAX}، والعتبة هي {floor}؛ وقد بُلغت العتبة.",
    )


def criterion_missed(title: Title, mark: Fraction, threshold: Decimal) -> Sentence:
    own, floor = shown_beside(mark, threshold)
    return Sentence(
        f"Critère « {title.fr} » : le dossier obtient {own} sur {MARK_MAX}, "
        f"pour un seuil de {floor} ; le seuil n'est pas atteint.",
        f"معيار «{title.ar}»: حصل الملف على {own} من {MARK_MAX}، والعتبة هي {floor}؛ ولم تُبلغ العتبة.",
    )


def total_met(total: Fraction, threshold: Decimal) -> Sentence:
    own, floor = shown_beside(total, threshold)
    return Sentence(
        f"La note globale du dossier est de {own} sur {TOTAL_MAX}, "
        f"pour un seuil de {floor} ; le seuil est atteint.",
        f"النقطة الإجمالية للملف هي {own} من {TOTAL_MAX}، والعتبة هي {floor}؛ وقد بُلغت العتبة.",
    )


def total_missed(total: Fraction, threshold: Decimal) -> Sentence:
    own, floor = shown_beside(total, threshold)
    return Sentence(
        f"La note globale du dossier est de {own} sur {TOTAL_MAX}, "
        f"pour un seuil de {floor} ; le seuil n'est pas atteint.",
        f"النقطة الإجمالية للملف هي {own} من {TOTAL_MAX}، والعتبة هي {floor}؛ ولم تُبلغ العتبة.",
    )


def conclusion(outcome: Outcome, *, is_qualified: bool, reserve_rank: int | None = None) -> Sentence:
    """The sentence that closes the reasons. `is_qualified`: every threshold is met."""
    if outcome == Outcome.RESERVE and reserve_rank is not None:
        return Sentence(
            f"Le dossier est inscrit sur la liste de réserve au rang {reserve_rank}.",
            f"أُدرج الملف في لائحة الانتظار في الرتبة {reserve_rank}.",
        )
    if outcome == Outcome.NOT_SELECTED and not is_qualified:
        return _FINAL_REFUSAL
    return _CONCLUSIONS[outcome]


_CONCLUSIONS = {
    Outcome.LABELLED: Sentence(
        "Au vu de ces éléments, le dossier est retenu pour la labellisation.",
        "وبالنظر إلى هذه العناصر، انتُقي الملف لنيل العلامة.",
    ),
    Outcome.RESERVE: Sentence(
        "Le dossier est inscrit sur la liste de réserve.",
        "أُدرج الملف في لائحة الانتظار.",
    ),
    Outcome.NOT_SELECTED: Sentence(
        "Le dossier atteint les seuils publiés, mais son classement ne permet pas de le retenir.",
        "بلغ الملف العتبات المنشورة، غير أن ترتيبه لا يسمح بانتقائه.",
    ),
    Outcome.INADMISSIBLE: Sentence(
        "En conséquence, le dossier est déclaré irrecevable et n'a pas été soumis au jury.",
        "وبناءً عليه، صُرِّح بعدم قبول الملف ولم يُعرض على لجنة التحكيم.",
    ),
}


_FINAL_REFUSAL = Sentence(
    "Les seuils publiés n'étant pas tous atteints, le dossier n'est pas retenu.",
    "وحيث لم تُبلغ جميع العتبات المنشورة، لم يُنتقَ الملف.",
)


def concludes_otherwise(text_fr: str, text_ar: str, outcome: Outcome) -> bool:
    """Whether the reasons of `outcome` still close with the standard sentence of another one, in either language."""
    others = [closing for other, closing in _CONCLUSIONS.items() if other != outcome]
    if outcome != Outcome.NOT_SELECTED:
        others.append(_FINAL_REFUSAL)
    # Without its full stop: on the reserve list a rank may follow.
    return any(one.fr.rstrip(".") in text_fr or one.ar.rstrip(".") in text_ar for one in others)


NOT_RANKABLE = Sentence(
    "Le dossier n'a pas reçu de note sur chacun des critères et ne peut pas être classé.",
    "لم يحصل الملف على نقطة في كل معيار من المعايير ولا يمكن ترتيبه.",
)


def panel_reasons(
    row: RankingRow,
    *,
    outcome: Outcome,
    grid: GridFacts,
    call: Title,
    criteria: dict[str, Title],
    reserve_rank: int | None = None,
) -> Sentence:
    """The reasons of a dossier that the jury marked: law, each criterion, the total, the conclusion."""
    sentences = [law_sentence(call)]
    for result in row.criteria:
        if result.mark is not None:
            told = criterion_met if result.meets_threshold else criterion_missed
            sentences.append(told(criteria[result.code], result.mark, grid.pass_criterion))
    if row.total is None:
        sentences.append(NOT_RANKABLE)
    else:
        is_total_met = row.total >= Fraction(grid.pass_total)
        sentences.append((total_met if is_total_met else total_missed)(row.total, grid.pass_total))
    is_qualified = row.status == RankStatus.ABOVE_THRESHOLD
    sentences.append(conclusion(outcome, is_qualified=is_qualified, reserve_rank=reserve_rank))
    return joined(sentences)


@dataclass(frozen=True)
class FailedLine:
    """An eligibility line that is not met, with the sentences that its rule wrote."""

    title: Title
    reason: Sentence


def eligibility_reasons(lines: Sequence[FailedLine], *, call: Title) -> Sentence:
    """The reasons of an inadmissible dossier: law, each line that is not met, the conclusion."""
    if not lines:
        raise ValueError("A dossier is inadmissible for at least one line that is not met.")
    facts = [
        Sentence(f"{line.title.fr} : {line.reason.fr}", f"{line.title.ar}: {line.reason.ar}")
        for line in lines
    ]
    return joined(
        [law_sentence_for_eligibility(call), *facts, conclusion(Outcome.INADMISSIBLE, is_qualified=False)]
    )


def shown(value: Fraction | Decimal, places: int = 2) -> str:
    """Rounded to `places`, without idle zeros, with the decimal comma of both languages in Morocco: "2,5"."""
    whole, _point, decimals = str(display(value, places)).partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole},{decimals}" if decimals else whole


def shown_beside(value: Fraction, threshold: Decimal) -> tuple[str, str]:
    """Both as shown, with as many more decimals as it takes not to print an unequal pair as equal.

    A total of 64,996 under a threshold of 65 must not read "65, seuil 65, non atteint".
    """
    places = 2
    while display(value, places) == display(threshold, places) and value != Fraction(threshold):
        places += 1
    return shown(value, places), shown(threshold, places)
