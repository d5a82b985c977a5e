"""Who people are, what they did, and what the machine still owes them."""

from accounts.models.audit_event import AuditEvent
from accounts.models.heartbeat import Heartbeat
from accounts.models.notice import Notice
from accounts.models.outbox_message import OutboxMessage
from accounts.models.role_grant import RoleGrant
from accounts.models.user import User

__all__ = ["AuditEvent", "Heartbeat", "Notice", "OutboxMessage", "RoleGrant", "User"]
