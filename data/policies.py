"""The policy of a workspace: published by version, acknowledged by each colleague."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from models.permissions import Permission, Scope
from models.policies import Acknowledgement, Policy, checked_policy
from models.problems import BadValue, NotFound
from models.snapshots.policies import PolicyShown


def publish_policy(database: Database, scope: Scope, text: str, at: datetime) -> int:
    """A new version, which asks everybody again; returns its number. Raises ``BadValue`` for one that says the same."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = put_policy(c, text)
        c.state("publish", "policy", row.id, after={"version": row.number, "characters": len(row.text)})
    return row.number


def put_policy(c: Change, text: str) -> Policy:
    """The next version, in the caller's change, which states it. Raises ``BadValue``."""
    text, before = checked_policy(text), newest_policy(c.db, c.workspace_id)
    if before is not None and before.text == text:
        raise BadValue("policy", "this is word for word the version in force")
    row = Policy(
        workspace_id=c.workspace_id,
        audit_id=c.audit_id,
        number=before.number + 1 if before is not None else 1,
        text=text,
        published=c.at,
        published_by=c.actor.user_id,
    )
    c.db.add(row)
    c.db.flush()
    return row


def acknowledge(database: Database, scope: Scope, number: int, at: datetime) -> None:
    """The person has read this version; saying so again changes nothing. Raises ``NotFound`` for one not in force."""
    if scope.user_id is None:
        raise NotFound
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        policy = newest_policy(c.db, scope.workspace_id)
        if policy is None or policy.number != number:
            raise NotFound
        if _acknowledged(c.db, policy.id, scope.user_id) is None:
            c.db.add(
                Acknowledgement(
                    workspace_id=scope.workspace_id,
                    audit_id=c.audit_id,
                    policy_id=policy.id,
                    user_id=scope.user_id,
                    at=at,
                )
            )
            c.quiet = True
            c.state("acknowledge", "policy", policy.id, after={"version": number})


def policy_for(database: Database, scope: Scope) -> PolicyShown | None:
    """The version in force, and when the person acknowledged it; None where the workspace has no policy."""
    with database.read() as db:
        policy = newest_policy(db, scope.workspace_id)
        if policy is None:
            return None
        read = _acknowledged(db, policy.id, scope.user_id) if scope.user_id is not None else None
        return PolicyShown(policy.number, policy.text, policy.published, read)


def owed_policy(database: Database, scope: Scope) -> int | None:
    """The number of the version in force, where this person has not acknowledged it."""
    found = policy_for(database, scope) if scope.user_id is not None else None
    return found.number if found is not None and found.acknowledged is None else None


def newest_policy(db: Session, home: int) -> Policy | None:
    """The version in force."""
    return db.scalar(select(Policy).where(Policy.workspace_id == home).order_by(Policy.number.desc()).limit(1))


def _acknowledged(db: Session, policy_id: int, user_id: int) -> datetime | None:
    wanted = select(Acknowledgement.at).where(
        Acknowledgement.policy_id == policy_id, Acknowledgement.user_id == user_id
    )
    return db.scalar(wanted)
