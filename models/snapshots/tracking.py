"""What the tab of short links shows."""

from dataclasses import dataclass
from datetime import datetime

from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A short link with all its clicks so far."""

    id: int
    code: str
    name: str
    target: str
    created: datetime
    off: datetime | None
    clicks: int


@dataclass(frozen=True, slots=True)
class LinksPage:
    """The short links of a workspace, the newest first."""

    workspace: WorkspaceMark
    as_at: datetime
    rows: tuple[LinkRow, ...]
