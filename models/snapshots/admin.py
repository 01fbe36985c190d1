"""What an administrator sees: people, invitations, roles, teams, rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.snapshots.marks import WorkspaceMark


@dataclass(frozen=True, slots=True)
class RoleMark:
    """A role of the workspace, as it is named and chosen."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """A colleague. ``workspaces`` are those the asker administers; ``elsewhere`` counts the others.

    ``last_triaged`` is when they last assessed, claimed or closed a conversation here. ``yourself``: it is the asker.
    """

    id: int
    sign_in: str
    name: str
    roles: tuple[RoleMark, ...]
    workspaces: tuple[str, ...]
    elsewhere: int
    last_signed_in: datetime | None
    last_triaged: datetime | None
    trained_until: date | None
    disabled: bool
    installation_administrator: bool
    second_factor: bool
    yourself: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that still works."""

    id: int
    sign_in: str
    name: str
    roles: tuple[str, ...]
    expires: datetime


@dataclass(frozen=True, slots=True)
class UsersPage:
    """The people of a workspace, or of the whole installation (``everybody``). ``chosen`` is open beside the list."""

    workspace: WorkspaceMark
    as_at: datetime
    today: date
    rows: tuple[UserRow, ...]
    total: int
    number: int
    pages: int
    search: str
    invitations: tuple[InvitationRow, ...]
    roles: tuple[RoleMark, ...]
    chosen: UserRow | None
    installation: bool
    everybody: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with its permissions, by name, and how many people hold it."""

    id: int
    name: str
    built_in: bool
    permissions: frozenset[str]
    people: int


@dataclass(frozen=True, slots=True)
class RightsOf:
    """What one person can see and do in the workspace: each permission with the roles that give it."""

    user_id: int
    name: str
    permissions: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RolesPage:
    """The roles of a workspace; ``chosen`` is open for change, ``preview`` answers what one person can see.

    ``missing`` are roles that the program brought after the workspace was made and that nobody has taken in yet.
    """

    workspace: WorkspaceMark
    rows: tuple[RoleRow, ...]
    chosen: RoleRow | None
    people: tuple[tuple[int, str], ...]
    preview: RightsOf | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team: its members by key and name, its hours (None: the workspace's), capacity and default assignment."""

    id: int
    name: str
    members: tuple[tuple[int, str], ...]
    hours: tuple[str, ...] | None
    capacity: int | None
    assignee: int | None
    open_work: int


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """The teams of a workspace, and everybody with a role in it."""

    workspace: WorkspaceMark
    rows: tuple[TeamRow, ...]
    chosen: TeamRow | None
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    """A workspace with what is in it."""

    id: int
    slug: str
    name: str
    zone: str
    accounts: int
    people: int
    created: datetime


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A grade and its promised times: ``targets`` are (channel, seconds, clock), the one of every channel first."""

    id: int
    key: str
    word: str
    rank: int
    look: str
    needs_approval: bool
    targets: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class WorkspacesPage:
    """Every workspace the asker administers, and what the present one decides for itself."""

    workspace: WorkspaceMark
    rows: tuple[WorkspaceRow, ...]
    installation: bool
    here: WorkspaceRow
    gap: timedelta
    aim: float
    retention_days: int | None
    outcomes: tuple[tuple[int, str, bool, bool], ...]
    topics: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """The grade scheme and the promised times."""

    workspace: WorkspaceMark
    grades: tuple[GradeRow, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the calendar. ``week`` has a text for each weekday, such as "09:00-17:00"; empty is closed."""

    number: int
    begins: datetime | None
    zone: str
    week: tuple[str, ...]
    nation: str | None
    closed_on_holidays: bool
    holiday_hours: str
    exceptions: tuple[tuple[date, str, str], ...]
    in_force: bool
    to_come: bool


@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """The versions of the calendar, newest first, and the bank holidays of the next twelve months."""

    workspace: WorkspaceMark
    today: date
    versions: tuple[VersionRow, ...]
    holidays: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of replies; ``retired`` ones are offered to nobody."""

    id: int
    name: str
    text: str
    language: str
    retired: bool


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """The templates, those on offer first, and the words that no reply may hold."""

    workspace: WorkspaceMark
    rows: tuple[TemplateRow, ...]
    chosen: TemplateRow | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KioskRow:
    """A screen on a wall."""

    id: int
    name: str
    board: str
    theme: str
    created: datetime
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class KiosksPage:
    """The screens of a workspace."""

    workspace: WorkspaceMark
    rows: tuple[KioskRow, ...]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A kind of connection: its label and channel, the credentials and settings it asks for with what they mean."""

    key: str
    label: str
    channel: str
    credentials: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ManagedAccount:
    """An account as an administrator keeps it; no credential is ever part of it."""

    id: int
    handle: str
    channel: str
    connector: str
    owner: str
    purpose: str
    watch_hours: str
    call: str
    interval: int
    budget: int | None
    paused: bool
    state: str
    has_credentials: bool
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ManagedAccounts:
    """The accounts of a workspace, and the connections that can be made."""

    workspace: WorkspaceMark
    rows: tuple[ManagedAccount, ...]
    chosen: ManagedAccount | None
    offers: tuple[OfferRow, ...]


@dataclass(frozen=True, slots=True)
class LockdownRow:
    """A lockdown: of one account or of all (``account`` empty), who began it and until when; ``mine``: the asker did."""

    id: int
    account: str
    reason: str
    begun: datetime
    begun_by: str
    until: datetime
    ended: datetime | None
    ended_by: str
    mine: bool


@dataclass(frozen=True, slots=True)
class LockdownPage:
    """Lockdowns that hold, the latest that ended, and what waits behind them. ``under_way``: replies being sent now."""

    workspace: WorkspaceMark
    as_at: datetime
    holding: tuple[LockdownRow, ...]
    over: tuple[LockdownRow, ...]
    accounts: tuple[tuple[int, str], ...]
    waiting: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that a configuration file would change: where, what stands there, what would."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ConfigurationPage:
    """What a file would change; ``text`` is the file that was given, ``refused`` says why it cannot be taken."""

    workspace: WorkspaceMark
    text: str = ""
    differences: tuple[Difference, ...] | None = None
    refused: str = ""
