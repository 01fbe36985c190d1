"""The pages that exist, in the order of the bar at the top. A page is one word in every folder."""

from dataclasses import dataclass

from models.permissions import Permission


@dataclass(frozen=True, slots=True)
class Page:
    """``permission`` opens the page; ``icon`` names a symbol of the sprite, and a page without one is not in the bar."""

    name: str
    path: str
    title: str
    permission: Permission
    icon: str


PAGES: tuple[Page, ...] = (
    Page("queue", "/queue", "Queue", Permission.READ, "inbox-fill"),
    Page("incidents", "/incidents", "Incidents", Permission.READ, "layers-fill"),
    Page("shift", "/shift", "Shift", Permission.READ, "clipboard-check"),
    Page("wallboard", "/wallboard", "Wallboard", Permission.VIEW_BOARD, "grid-1x2-fill"),
    Page("reports", "/reports", "Reports", Permission.REPORT, "bar-chart-fill"),
    Page("accounts", "/accounts", "Accounts", Permission.VIEW_ACCOUNTS, "broadcast-pin"),
    Page("admin", "/admin", "Admin", Permission.ADMINISTER, "gear-fill"),
    Page("privacy", "/privacy", "Personal data", Permission.PRIVACY, "person-lock"),
    Page("audit", "/audit", "Audit", Permission.READ_AUDIT, "shield-fill-check"),
    Page("trail", "/trail", "Trail", Permission.READ_TRAIL, ""),
    Page("conversation", "/conversation", "Conversation", Permission.READ, ""),
    Page("alarms", "/alarms", "Alarms", Permission.READ, ""),
    Page("experts", "/experts", "Experts", Permission.READ, ""),
    Page("notifications", "/notifications", "Notifications", Permission.READ, ""),
)

ADMIN_TABS: tuple[tuple[str, str], ...] = (
    ("users", "Users"),
    ("workspaces", "Workspaces"),
    ("roles", "Roles"),
    ("teams", "Teams"),
    ("rules", "Workflow rules"),
    ("calendars", "Calendar"),
    ("targets", "Grades and targets"),
    ("templates", "Templates"),
    ("accounts", "Accounts"),
    ("kiosks", "Kiosks"),
    ("lockdown", "Lockdown"),
    ("policies", "Policies"),
    ("retention", "Retention"),
    ("survey", "Survey"),
    ("tracking", "Short links"),
    ("webhooks", "Webhooks"),
    ("configuration", "Configuration"),
)
"""The tabs of administration: the last part of their path, and the name people read."""

PRIVACY_TABS: tuple[tuple[str, str], ...] = (
    ("contacts", "Contacts"),
    ("holds", "Legal holds"),
    ("disposal", "Disposal"),
)
"""The tabs of personal data: the last part of their path, and the name people read."""

BOARDS: tuple[tuple[str, str], ...] = (("main", "Main"), ("hours", "Out of hours"), ("response", "First response"))
"""The boards of the wallboard: the last part of its path, and the name people read."""

REPORTS: tuple[tuple[str, str], ...] = (
    ("activity", "Activity"),
    ("response", "Response times"),
    ("hours", "Out of hours"),
    ("engagement", "Engagement"),
    ("topics", "Topics"),
    ("compare", "Compare"),
    ("survey", "Survey"),
)
"""The reports: the last part of the path, and the name people read."""


def by_name(name: str) -> Page:
    """The page of that name; ``KeyError`` where there is none."""
    return {page.name: page for page in PAGES}[name]
