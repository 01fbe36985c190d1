"""What an administrator sees of the workflow rules: each in words, what it was before, and what a trial of one found."""

from dataclasses import dataclass
from datetime import datetime

from models.folding import Span
from models.rules import RuleFacts
from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of triage in words: when it acts, and what it then does. ``fault`` says why it cannot be read."""

    id: int
    position: int
    name: str
    enabled: bool
    when: str
    then: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """What a rule was until ``until``, by the event of whoever made it so. ``id`` takes it back."""

    id: int
    name: str
    when: str
    then: str
    by: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What a rule may name: grades by key and word, people by sign-in name and name, accounts by key and handle."""

    grades: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    teams: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    accounts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules of a workspace, in the order in which they act. ``chosen`` is open for change, with what it holds.

    ``facts`` is the chosen rule, or an empty one to write a new one from; ``gone`` are those that were deleted.
    """

    workspace: WorkspaceMark
    as_at: datetime
    rows: tuple[RuleRow, ...]
    chosen: RuleRow | None
    facts: RuleFacts
    choices: RuleChoices
    versions: tuple[RuleVersion, ...]
    gone: tuple[RuleVersion, ...]


@dataclass(frozen=True, slots=True)
class TrialState:
    """How far a trial of a rule is: messages looked at, of how many, and how many it found. ``problem``: why it ended.

    ``alarm``: the rule tells the team of what it touches.
    """

    rule: str
    since: datetime
    running: bool = False
    done: int = 0
    total: int = 0
    found: int = 0
    stopped: bool = False
    problem: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class TriedMessage:
    """A message that a trial found. ``text`` is None for those who may not read messages; ``spans`` are its found words."""

    id: int
    conversation_id: int | None
    sent: datetime
    handle: str
    channel: str
    grade: str
    text: str | None
    language: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A page of what a trial found. ``first`` is the place of its first message, from 1."""

    workspace: WorkspaceMark
    as_at: datetime
    state: TrialState
    rows: tuple[TriedMessage, ...]
    number: int
    pages: int
    first: int
