"""What belongs with a conversation: notes, merged parts, earlier contacts; notifications; incidents and their reports."""

from dataclasses import dataclass
from datetime import datetime

from models.posts import Direction, Kind
from models.snapshots.marks import GradeMark, MajorMark, WorkspaceMark


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whom a note may call to a conversation."""

    id: int
    sign_in: str
    name: str


@dataclass(frozen=True, slots=True)
class NoteVersionMark:
    """What a note said before it was corrected."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """A note in its place. ``named`` are the colleagues whom its text names, by sign-in name; ``place`` as of a message."""

    id: int
    author: str
    mine: bool
    text: str
    written: datetime
    corrected: datetime | None
    struck: datetime | None
    earlier: tuple[NoteVersionMark, ...]
    named: tuple[Colleague, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class DecisionMark:
    """An entry of a decision log: key of a heading and text. ``corrected`` is the later entry that took its place."""

    id: int
    author: str
    at: datetime
    answers: tuple[tuple[str, str], ...]
    corrects: int | None
    corrected: int | None


@dataclass(frozen=True, slots=True)
class IncidentMark:
    """An incident as other pages name it."""

    id: int
    name: str
    reference: str
    veracity: str
    open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation of a merged thread. ``merge_id`` is the merge that holds it to its lead, None for the lead."""

    id: int
    channel: str
    account: str
    contact: str
    handle: str
    grade: GradeMark
    state: str
    since: datetime | None
    lead: bool
    merge_id: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """One of the names under which the person of a conversation is known. ``merge_id`` as in ``Part``."""

    id: int
    channel: str
    handle: str
    name: str
    lead: bool
    merge_id: int | None


@dataclass(frozen=True, slots=True)
class Bonds:
    """What colleagues say of a conversation: the parts of its thread and the identities of its person (empty where nothing
    is merged), the incident that it belongs to, and the flags they set.
    """

    parts: tuple[Part, ...] = ()
    identities: tuple[Identity, ...] = ()
    incident: IncidentMark | None = None
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An episode of the same person, on whichever account. ``closed_by`` is known where a colleague closed it."""

    conversation_id: int
    channel: str
    account: str
    handle: str
    opened: datetime
    closed: datetime | None
    outcome: str | None
    closed_by: str | None
    incident: IncidentMark | None


@dataclass(frozen=True, slots=True)
class History:
    """Everything the person of a conversation was in touch about before, newest first; ``more`` are older ones."""

    conversation_id: int
    workspace: WorkspaceMark
    as_at: datetime
    contact: str
    rows: tuple[Earlier, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What the forms of merging offer: other identities that may be the same person, other conversations of the person."""

    conversation_id: int
    contact_id: int
    workspace: WorkspaceMark
    as_at: datetime
    contact: str
    sought: str
    identities: tuple[Identity, ...]
    conversations: tuple[Part, ...]
    bonds: Bonds


@dataclass(frozen=True, slots=True)
class Notified:
    """One notification. ``note`` is what the note says now; None once it was struck out."""

    id: int
    kind: str
    conversation_id: int
    contact: str
    channel: str
    account: str
    by: str | None
    note: str | None
    at: datetime
    read: datetime | None


@dataclass(frozen=True, slots=True)
class Notifications:
    """What one person was told, newest first."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    rows: tuple[Notified, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class IncidentCount:
    """An open incident in the queue's side list, with its conversations that are not closed."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in the list."""

    mark: IncidentMark
    opened: datetime
    opened_by: str | None
    closed: datetime | None
    conversations: int
    unanswered: int
    reports: int


@dataclass(frozen=True, slots=True)
class Member:
    """A conversation of an incident."""

    id: int
    grade: GradeMark
    channel: str
    account: str
    contact: str
    first_line: str
    state: str
    since: datetime | None
    due: datetime | None
    holder: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message that may be cited. ``contact`` is who wrote it."""

    id: int
    conversation_id: int
    channel: str
    kind: Kind
    direction: Direction
    contact: str
    text: str
    sent: datetime
    language: str | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a METHANE report; without ``text`` and ``evidence`` it is not known."""

    key: str
    letter: str
    meaning: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One version of a METHANE report, or (``number`` 0) what somebody is composing."""

    number: int
    author: str | None
    written: datetime | None
    major: str
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class NotHanded:
    """A conversation that a reply to all did not reach, and why: it needs a person."""

    conversation_id: int
    contact: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply to all of an incident, and how far it has come. ``batch`` is the key of its event.

    ``undo_until`` is until when all of it can be taken back; afterwards what has not left can still be stopped.
    """

    batch: int
    at: datetime
    by: str
    text: str
    total: int
    sent: int
    waiting: int
    stopped: int
    people: tuple[NotHanded, ...]
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident with everything in it. ``messages`` are those that may be cited, newest first; ``more`` older ones."""

    row: IncidentRow
    members: tuple[Member, ...]
    notes: tuple[tuple[int, str, ThreadNote], ...]
    messages: tuple[Evidence, ...]
    more: int
    reports: tuple[Report, ...]
    draft: Report
    answers: tuple[Answer, ...] = ()
    decisions: tuple[DecisionMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Incidents:
    """The page of incidents: all of them, or one of them (``chosen``)."""

    workspace: WorkspaceMark
    as_at: datetime
    revision: int
    rows: tuple[IncidentRow, ...]
    chosen: IncidentPage | None
    may_manage: bool
    may_work: bool
    may_reply: bool
    major: MajorMark | None = None
