"""What the tab of webhooks shows."""

from dataclasses import dataclass
from datetime import datetime

from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A program that is told of events: its host, never its whole address. ``waiting`` and ``given_up`` count its calls."""

    id: int
    name: str
    host: str
    events: tuple[str, ...]
    off: datetime | None
    told: datetime | None
    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call of the log. ``next_try`` is None once it ended; ``again``: a person may begin anew with it."""

    id: int
    webhook: str
    event: str
    stored: datetime
    state: str
    tries: int
    next_try: datetime | None
    problem: str
    again: bool


@dataclass(frozen=True, slots=True)
class WebhooksPage:
    """The webhooks of a workspace, and its latest calls."""

    workspace: WorkspaceMark
    as_at: datetime
    rows: tuple[WebhookRow, ...]
    calls: tuple[CallRow, ...]
