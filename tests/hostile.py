"""Texts that would run, calculate, break out or confuse, and a workspace in which all that people wrote is such a text."""

from datetime import datetime
from itertools import count, cycle

from sqlalchemy import Text, func, select, update

from data.audit import change
from data.database import Database
from models.audit import COMMAND
from models.base import Base
from models.people import Membership, User

RAN = "ranByText"
"""What a script in a text would set on the page's window."""

TEXTS = (
    f"<script>window.{RAN}=1</script>",
    f"<img src=x onerror=window.{RAN}=1>",
    f'"><svg onload=window.{RAN}=1>',
    f"javascript:window.{RAN}=1",
    f"[read](javascript:window.{RAN}=1) **bold**",
    f"{{{{constructor.constructor('window.{RAN}=1')()}}}}",
    '=HYPERLINK("https://example.org","open")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "＝1＋1",
    "\u202egnp.exe\u202c \u200b\ufeff",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "'; DROP TABLE message; --",
    "%s %n {0.__class__} ${7*7}",
    "\U0001f469\u200d\U0001f692" * 20,
    "no-break-anywhere-" * 30,
)

WRITTEN = {
    "account": ("owner", "purpose", "watch_hours", "call"),
    "contact": ("handle", "name"),
    "conversation": ("first_line",),
    "outgoing": ("text",),
    **dict.fromkeys(("message", "message_version", "note", "note_version", "draft", "policy"), ("text",)),
    **dict.fromkeys(("blocked_word", "flag", "outcome", "topic", "skill"), ("word",)),
    **dict.fromkeys(("kiosk", "role", "rule", "team", "saved_view", "retention_rule", "destination"), ("name",)),
    **dict.fromkeys(("lockdown", "conversation_merge", "disposal", "legal_hold", "contact_merge"), ("reason",)),
    **dict.fromkeys(("shift_handover", "hand_over"), ("note",)),
    "template": ("name", "text"),
    "incident": ("name", "reference"),
    "major_incident": ("name", "summary", "lines"),
    "alarm": ("words",),
    "methane_evidence": ("line",),
    "certificate": ("rule", "reason"),
}
"""By table, the columns that hold what somebody wrote."""


def not_written() -> list[str]:
    """Columns of ``WRITTEN`` that no table has: a name that was changed here and not there."""
    tables = Base.metadata.tables
    return [
        f"{name}.{column}"
        for name, columns in WRITTEN.items()
        for column in columns
        if name not in tables or not isinstance(getattr(tables[name].columns.get(column), "type", None), Text)
    ]


def poison(database: Database, workspace_id: int, at: datetime) -> int:
    """Let every text that people wrote in the workspace, and its people's names, be hostile; returns how many texts."""
    texts, numbers = cycle(TEXTS), count(1)
    written = 0
    with change(database, workspace_id, COMMAND, at) as c:
        for name, columns in WRITTEN.items():
            table = Base.metadata.tables[name]
            of = tuple(table.primary_key)
            for key in c.db.execute(select(*of).where(table.c.workspace_id == workspace_id)).all():
                news = {column: f"{next(texts)} {next(numbers)}" for column in columns}
                this = [column == value for column, value in zip(of, key, strict=True)]
                c.db.execute(update(table).where(*this).values(**news, audit_id=c.audit_id))
                written += len(news)
        members = select(Membership.user_id).where(Membership.workspace_id == workspace_id)
        for user in c.db.scalars(select(User).where(User.id.in_(members))):
            user.name, user.audit_id = f"{next(texts)} {next(numbers)}", c.audit_id
            written += 1
        c.state("poison", "workspace", workspace_id)
    return written


def tables_with_rows(database: Database, workspace_id: int) -> set[str]:
    """Those of ``WRITTEN`` in which the workspace has something."""
    with database.read() as db:
        return {
            name
            for name in WRITTEN
            if db.scalar(
                select(func.count())
                .select_from(Base.metadata.tables[name])
                .where(Base.metadata.tables[name].c.workspace_id == workspace_id)
            )
        }
