"""Every entity, imported once, so that the metadata is whole wherever it is needed."""

from models import (
    assessing,
    audit,
    claims,
    conversation,
    disclosure,
    drafts,
    identities,
    incidents,
    invitations,
    lockdown,
    merging,
    notes,
    outbox,
    pairings,
    past,
    people,
    policies,
    presence,
    rollups,
    security_keys,
    teams,
    templates,
    views,
    workspace,
)
from models.base import Base

AUDITED = tuple(
    sorted(name for name, table in Base.metadata.tables.items() if "audit_id" in table.columns),
)
"""Business tables: every change of a row there names the audit event that made it."""

__all__ = [
    "AUDITED",
    "Base",
    "assessing",
    "audit",
    "claims",
    "conversation",
    "disclosure",
    "drafts",
    "identities",
    "incidents",
    "invitations",
    "lockdown",
    "merging",
    "notes",
    "outbox",
    "pairings",
    "past",
    "people",
    "policies",
    "presence",
    "rollups",
    "security_keys",
    "teams",
    "templates",
    "views",
    "workspace",
]
