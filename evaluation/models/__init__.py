from evaluation.models.decisions import Decision, DecisionLetter, LetterAcknowledgement, LetterCounter
from evaluation.models.deliberation import Attendance, ConsensusMark, Deliberation, DeliberationOutcome
from evaluation.models.grids import Criterion, Grid, Subcriterion
from evaluation.models.jury import (
    Assignment,
    ConflictDeclaration,
    CriterionComment,
    Evaluation,
    EvaluationRound,
    JuryMember,
    Score,
)

__all__ = [
    "Assignment",
    "Attendance",
    "ConflictDeclaration",
    "ConsensusMark",
    "Criterion",
    "CriterionComment",
    "Decision",
    "DecisionLetter",
    "Deliberation",
    "DeliberationOutcome",
    "Evaluation",
    "EvaluationRound",
    "Grid",
    "JuryMember",
    "LetterAcknowledgement",
    "LetterCounter",
    "Score",
    "Subcriterion",
]
