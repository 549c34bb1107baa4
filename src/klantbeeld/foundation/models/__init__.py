"""Tables of the ground: users and keys, companies, attribute catalogue, audit, outbox, idempotency."""

from klantbeeld.foundation.models.audit import AuditLine, AuditSeal
from klantbeeld.foundation.models.catalogue import Attribute
from klantbeeld.foundation.models.companies import Brand, Company
from klantbeeld.foundation.models.idempotency import IdempotencyKey
from klantbeeld.foundation.models.outbox import Consumer, FailedDelivery, OutboxEvent, Processed
from klantbeeld.foundation.models.users import ApiKey, User

__all__ = [
    "ApiKey",
    "Attribute",
    "AuditLine",
    "AuditSeal",
    "Brand",
    "Company",
    "Consumer",
    "FailedDelivery",
    "IdempotencyKey",
    "OutboxEvent",
    "Processed",
    "User",
]
