from applications.models.calls import (
    Call,
    ClosingRecord,
    Deadline,
    DepositFailure,
    EnvelopeOpening,
    RequiredDocument,
    ServiceSample,
)
from applications.models.dossiers import Application, Document, Section, TeamMember
from applications.models.eligibility import AdmissibilitySettlement, EligibilityCheck
from applications.models.invitations import TeamInvitation
from applications.models.reference import Region, Sector
from applications.models.register import Cluster, Label, SupportPeriod
from applications.models.submissions import Receipt, Submission, SubmissionFile

__all__ = [
    "AdmissibilitySettlement",
    "Application",
    "Call",
    "ClosingRecord",
    "Cluster",
    "Deadline",
    "DepositFailure",
    "Document",
    "EligibilityCheck",
    "EnvelopeOpening",
    "Label",
    "Receipt",
    "Region",
    "RequiredDocument",
    "Section",
    "Sector",
    "ServiceSample",
    "Submission",
    "SubmissionFile",
    "SupportPeriod",
    "TeamInvitation",
    "TeamMember",
]
