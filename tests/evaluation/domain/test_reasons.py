from decimal import Decimal
from fractions import Fraction as F

import pytest

from evaluation.domain.default_grid import DEFAULT_CRITERIA
from evaluation.domain.ranking import rank
from evaluation.domain.reasons import (
    FailedLine,
    Sentence,
    Title,
    concludes_otherwise,
    conclusion,
    eligibility_reasons,
    panel_reasons,
    shown,
    shown_beside,
)
from evaluation.enums import Outcome
from tests.evaluation.domain.builders import dossier, plain_grid

CALL = Title("Appel de démonstration", "طلب تجريبي")
TITLES = {texts.code: Title(texts.title.fr, texts.title.ar) for texts in DEFAULT_CRITERIA}


def reasons(marks, outcome, **kwargs):
    row = rank([dossier("a", *marks)], grid=plain_grid()).row("a")
    return panel_reasons(row, outcome=outcome, grid=plain_grid(), call=CALL, criteria=TITLES, **kwargs)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F(3), "3"),
        (F(5, 2), "2,5"),
        (F(8, 3), "2,67"),
        (Decimal("65.00"), "65"),
        (F(100), "100"),
        (F(0), "0"),
    ],
)
def test_numbers_as_both_languages_write_them_in_morocco(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "threshold", "pair"),
    [
        (F(65), Decimal(65), ("65", "65")),
        (F(64), Decimal(65), ("64", "65")),
        (F(64996, 1000), Decimal(65), ("64,996", "65")),
        (F(8999, 3000), Decimal(3), ("2,9997", "3")),
    ],
)
def test_a_value_short_of_a_threshold_never_reads_as_equal_to_it(value, threshold, pair):
    assert shown_beside(value, threshold) == pair


def test_reasons_of_a_dossier_below_a_threshold():
    found = reasons([("2.5", "4", "4"), ("2.5", "4", "4"), ("3", "4", "4")], Outcome.NOT_SELECTED)
    assert found.fr.splitlines() == [
        (
            "Vu l'appel à projets « Appel de démonstration », ses critères, sa grille et ses seuils tels que "
            "publiés ; vu le procès-verbal de délibération du jury."
        ),
        (
            "Critère « Stratégie de développement » : le dossier obtient 2,67 sur 5, pour un seuil de 3 ; "
            "le seuil n'est pas atteint."
        ),
        (
            "Critère « Innovation collaborative » : le dossier obtient 4 sur 5, pour un seuil de 3 ; "
            "le seuil est atteint."
        ),
        (
            "Critère « Visibilité internationale » : le dossier obtient 4 sur 5, pour un seuil de 3 ; "
            "le seuil est atteint."
        ),
        "La note globale du dossier est de 70,67 sur 100, pour un seuil de 65 ; le seuil est atteint.",
        "Les seuils publiés n'étant pas tous atteints, le dossier n'est pas retenu.",
    ]
    assert len(found.ar.splitlines()) == 6
    assert "2,67 من 5" in found.ar


def test_reasons_of_a_labelled_dossier():
    found = reasons([("4", "4", "4")], Outcome.LABELLED)
    assert found.fr.endswith("Au vu de ces éléments, le dossier est retenu pour la labellisation.")
    assert "n'est pas atteint" not in found.fr


def test_reasons_of_a_dossier_passed_by_its_rank_name_no_rival():
    found = reasons([("4", "4", "4")], Outcome.NOT_SELECTED)
    assert found.fr.endswith(
        "Le dossier atteint les seuils publiés, mais son classement ne permet pas de le retenir."
    )


def test_reasons_of_the_reserve_list():
    found = reasons([("4", "4", "4")], Outcome.RESERVE, reserve_rank=2)
    assert found.fr.endswith("Le dossier est inscrit sur la liste de réserve au rang 2.")
    assert found.ar.endswith("في الرتبة 2.")


def test_a_dossier_that_could_not_be_ranked():
    found = reasons([("4", None, "4")], Outcome.NOT_SELECTED)
    assert "ne peut pas être classé" in found.fr
    assert "Innovation" not in found.fr


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("is_qualified", [True, False])
def test_every_outcome_has_its_conclusion_in_both_languages(outcome, is_qualified):
    sentence = conclusion(outcome, is_qualified=is_qualified)
    assert sentence.fr.endswith(".")
    assert sentence.ar.endswith(".")


def test_inadmissible_not_selected_and_reserve_are_three_texts():
    given = {conclusion(outcome, is_qualified=True) for outcome in Outcome}
    assert len(given) == len(Outcome)


def test_reasons_of_an_inadmissible_dossier_quote_each_line():
    line = FailedLine(
        Title("Nombre de membres", "عدد الأعضاء"), Sentence("12 membres sur 15.", "12 عضواً من أصل 15.")
    )
    found = eligibility_reasons([line], call=CALL)
    assert found.fr.splitlines() == [
        "Vu l'appel à projets « Appel de démonstration » et ses conditions de recevabilité telles que publiées.",
        "Nombre de membres : 12 membres sur 15.",
        "En conséquence, le dossier est déclaré irrecevable et n'a pas été soumis au jury.",
    ]
    assert found.ar.splitlines()[1] == "عدد الأعضاء: 12 عضواً من أصل 15."


def test_nothing_is_inadmissible_for_no_reason():
    with pytest.raises(ValueError, match="at least one line"):
        eligibility_reasons([], call=CALL)


@pytest.mark.parametrize("own", [Outcome.LABELLED, Outcome.RESERVE, Outcome.NOT_SELECTED])
@pytest.mark.parametrize("is_qualified", [True, False])
def test_reasons_conclude_as_their_outcome_and_no_other(own: Outcome, is_qualified: bool) -> None:
    for place in (None, 3):
        closing = conclusion(own, is_qualified=is_qualified, reserve_rank=place)
        assert not concludes_otherwise(closing.fr, closing.ar, own)
        for other in {Outcome.LABELLED, Outcome.RESERVE, Outcome.NOT_SELECTED} - {own}:
            assert concludes_otherwise(closing.fr, "نص آخر.", other)
            assert concludes_otherwise("Autre texte.", closing.ar, other)
