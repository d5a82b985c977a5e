from itertools import product

import pytest

from evaluation.domain.conflicts import (
    Declaration,
    DeclarationProblem,
    DossierParties,
    Hint,
    HintKind,
    JurorIdentity,
    QuorumFinding,
    ReadingBlocker,
    RulingProblem,
    conflict_hints,
    declaration_problems,
    index_declarations,
    is_cleared,
    is_recused,
    may_read,
    quorum_findings,
    reading_blockers,
    ruling_problems,
)
from evaluation.enums import DeclarationKind, JuryRole, LinkRuling

NONE, LINK, CONFLICT = DeclarationKind.NONE, DeclarationKind.LINK, DeclarationKind.CONFLICT


def declared(kind, ruling="", juror="j1", dossier="a"):
    return Declaration(juror, dossier, kind, "Motif.", ruling)


NO_TIE = declared(NONE)
OPEN_LINK = declared(LINK)
KEPT_LINK = declared(LINK, LinkRuling.KEEP)
RECUSED_LINK = declared(LINK, LinkRuling.RECUSE)
A_CONFLICT = declared(CONFLICT)


@pytest.mark.parametrize(
    ("declaration", "recused", "cleared", "blockers"),
    [
        pytest.param(None, False, False, (ReadingBlocker.NOT_DECLARED,), id="nothing declared"),
        pytest.param(NO_TIE, False, True, (), id="no tie"),
        pytest.param(OPEN_LINK, False, False, (ReadingBlocker.LINK_AWAITS_RULING,), id="link not yet ruled"),
        pytest.param(KEPT_LINK, False, True, (), id="link kept"),
        pytest.param(RECUSED_LINK, True, False, (ReadingBlocker.RECUSED,), id="link recused"),
        pytest.param(A_CONFLICT, True, False, (ReadingBlocker.RECUSED,), id="conflict"),
    ],
)
def test_what_a_declaration_allows(declaration, recused, cleared, blockers):
    assert is_recused(declaration) is recused
    assert is_cleared(declaration) is cleared
    assert reading_blockers(declaration, is_assigned=True) == blockers
    assert may_read(declaration, is_assigned=True) is (not blockers)


def test_a_conflict_recuses_whatever_ruling_stands_beside_it():
    assert is_recused(declared(CONFLICT, LinkRuling.KEEP))
    assert not may_read(declared(CONFLICT, LinkRuling.KEEP), is_assigned=True)


def test_every_condition_is_needed():
    flags = ("is_assigned", "is_seated", "has_signed_charter", "is_round_started")
    for values in product((True, False), repeat=len(flags)):
        allowed = may_read(NO_TIE, **dict(zip(flags, values, strict=True)))
        assert allowed is all(values)


def test_all_blockers_are_told_in_the_order_of_their_cure():
    assert reading_blockers(
        None, is_assigned=False, is_seated=False, has_signed_charter=False, is_round_started=False
    ) == (
        ReadingBlocker.NOT_SEATED,
        ReadingBlocker.CHARTER_NOT_SIGNED,
        ReadingBlocker.NOT_DECLARED,
        ReadingBlocker.NOT_ASSIGNED,
        ReadingBlocker.ROUND_NOT_STARTED,
    )


@pytest.mark.parametrize(
    ("kind", "reason", "previous", "expected"),
    [
        (NONE, "", None, ()),
        (LINK, "Même université.", None, ()),
        (LINK, " ", None, (DeclarationProblem.REASON_MISSING,)),
        (CONFLICT, "", None, (DeclarationProblem.REASON_MISSING,)),
        (NONE, "", OPEN_LINK, ()),
        (NONE, "", A_CONFLICT, (DeclarationProblem.CONFLICT_IS_FINAL,)),
        (LINK, "Erreur.", A_CONFLICT, (DeclarationProblem.CONFLICT_IS_FINAL,)),
        (CONFLICT, "Découvert après.", NO_TIE, ()),
        (CONFLICT, "Découvert après.", KEPT_LINK, ()),
        (NONE, "", KEPT_LINK, (DeclarationProblem.ALREADY_RULED,)),
        (LINK, "Autre.", RECUSED_LINK, (DeclarationProblem.ALREADY_RULED,)),
    ],
)
def test_declaration_problems(kind, reason, previous, expected):
    assert declaration_problems(kind, reason, previous=previous) == expected


@pytest.mark.parametrize(
    ("declaration", "reason", "facts", "expected"),
    [
        pytest.param(OPEN_LINK, "Autre unité.", {"by_chair": True}, (), id="chair rules a juror's link"),
        pytest.param(
            OPEN_LINK,
            "Motif.",
            {"by_call_manager": True},
            (RulingProblem.NOT_THE_CHAIR,),
            id="manager does not",
        ),
        pytest.param(
            OPEN_LINK,
            "Motif.",
            {"juror_role": JuryRole.CHAIR, "by_call_manager": True},
            (),
            id="manager rules the chair's link",
        ),
        pytest.param(
            OPEN_LINK,
            "Motif.",
            {"juror_role": JuryRole.CHAIR, "by_chair": True, "is_own": True},
            (RulingProblem.OWN_LINK,),
            id="chair does not rule the own link",
        ),
        pytest.param(
            OPEN_LINK,
            "Motif.",
            {"juror_role": JuryRole.CHAIR, "by_chair": True},
            (RulingProblem.CHAIR_LINK_GOES_TO_MANAGER,),
            id="the chair's link goes to the manager",
        ),
        pytest.param(OPEN_LINK, " ", {"by_chair": True}, (RulingProblem.REASON_MISSING,), id="no reason"),
        pytest.param(A_CONFLICT, "Motif.", {"by_chair": True}, (RulingProblem.NOT_A_LINK,), id="a conflict"),
        pytest.param(KEPT_LINK, "Motif.", {"by_chair": True}, (RulingProblem.ALREADY_RULED,), id="ruled"),
    ],
)
def test_ruling_problems(declaration, reason, facts, expected):
    defaults = {"juror_role": JuryRole.JUROR, "is_own": False, "by_chair": False, "by_call_manager": False}
    assert ruling_problems(declaration, reason, **{**defaults, **facts}) == expected


class TestHints:
    """SC-04: same employer, e-mail domain or name as the applicant or its partners."""

    juror = JurorIdentity("Juré Démonstration Un", "un@universite.demo.example", "Université Démonstration")

    @pytest.mark.parametrize(
        ("parties", "expected"),
        [
            pytest.param(DossierParties(), (), id="nobody named"),
            pytest.param(
                DossierParties(emails=("contact@UNIVERSITE.demo.example",)),
                (Hint(HintKind.SAME_EMAIL_DOMAIN, "contact@UNIVERSITE.demo.example"),),
                id="same domain",
            ),
            pytest.param(
                DossierParties(emails=("x@labo.universite.demo.example",)),
                (Hint(HintKind.SAME_EMAIL_DOMAIN, "x@labo.universite.demo.example"),),
                id="a laboratory under it",
            ),
            pytest.param(DossierParties(emails=("x@autre-universite.demo.example",)), (), id="only alike"),
            pytest.param(DossierParties(emails=("not an address",)), (), id="no domain"),
            pytest.param(
                DossierParties(organisations=("UNIVERSITE  demonstration",)),
                (Hint(HintKind.SAME_ORGANISATION, "UNIVERSITE  demonstration"),),
                id="same organisation, written otherwise",
            ),
            pytest.param(
                DossierParties(organisations=("Université Démonstration II",)), (), id="another one"
            ),
            pytest.param(
                DossierParties(people=("Un JURÉ démonstration",)),
                (Hint(HintKind.SAME_PERSON, "Un JURÉ démonstration"),),
                id="same person, family name first",
            ),
            pytest.param(
                DossierParties(organisations=("Université Démonstration",) * 2),
                (Hint(HintKind.SAME_ORGANISATION, "Université Démonstration"),),
                id="told once",
            ),
        ],
    )
    def test_hints(self, parties, expected):
        assert conflict_hints(self.juror, parties) == expected

    def test_mailbox_providers_say_nothing(self):
        juror = JurorIdentity("Juré", "jure@gmail.com")
        assert conflict_hints(juror, DossierParties(emails=("porteur@gmail.com",))) == ()

    def test_blank_names_are_not_alike(self):
        parties = DossierParties(organisations=("", " . "), people=("",), emails=("",))
        assert conflict_hints(JurorIdentity("", "", ""), parties) == ()

    def test_arabic_names(self):
        juror = JurorIdentity("عضو تجريبي", "x@demo.example", "جامعة تجريبية")
        parties = DossierParties(organisations=("جامعة  تجريبية",))
        assert conflict_hints(juror, parties) == (Hint(HintKind.SAME_ORGANISATION, "جامعة  تجريبية"),)


class TestQuorum:
    def findings(self, *declarations, jurors=("j1", "j2", "j3", "j4"), quorum=3):
        return quorum_findings(["a"], jurors, index_declarations(declarations), quorum=quorum)[0]

    def test_three_cleared(self):
        found = self.findings(*(declared(NONE, juror=juror) for juror in ("j1", "j2", "j3")))
        assert found == QuorumFinding("a", ("j1", "j2", "j3"), ("j4",), 3)
        assert (found.is_met, found.missing, found.out_of_reach) == (True, 0, False)

    def test_pending_jurors_may_still_make_it(self):
        found = self.findings(declared(NONE, juror="j1"), declared(LINK, juror="j2"))
        assert (found.eligible, found.pending) == (("j1",), ("j2", "j3", "j4"))
        assert (found.is_met, found.missing, found.out_of_reach) == (False, 2, False)

    def test_two_recused_of_four_are_too_many(self):
        found = self.findings(declared(CONFLICT, juror="j1"), declared(LINK, LinkRuling.RECUSE, juror="j2"))
        assert (found.eligible, found.pending) == ((), ("j3", "j4"))
        assert (found.is_met, found.missing, found.out_of_reach) == (False, 3, True)

    def test_nobody_seated(self):
        found = self.findings(jurors=())
        assert (found.missing, found.out_of_reach) == (3, True)

    def test_one_dossier_s_conflict_does_not_touch_another(self):
        index = index_declarations([declared(CONFLICT, juror="j1", dossier="a")])
        findings = quorum_findings(["a", "b"], ["j1"], index, quorum=1)
        assert [(one.dossier, one.out_of_reach) for one in findings] == [("a", True), ("b", False)]
