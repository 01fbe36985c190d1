"""What people see of their workspace's policy."""

from dataclasses import dataclass
from datetime import datetime

from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """The version in force; ``acknowledged`` is when the person who looks said that they read it."""

    number: int
    text: str
    published: datetime
    acknowledged: datetime | None


@dataclass(frozen=True, slots=True)
class PolicyReader:
    """A colleague; ``number`` is the newest version they acknowledged, None for none."""

    name: str
    number: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version, and how many of those who are colleagues today acknowledged it."""

    number: int
    published: datetime
    published_by: str
    readers: int


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """The versions, newest first, the text in force, and every colleague."""

    workspace: WorkspaceMark
    as_at: datetime
    versions: tuple[PolicyVersion, ...]
    text: str
    readers: tuple[PolicyReader, ...]
