"""Kiosks: screens on a wall that show one board of one workspace and may do nothing else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data.audit import change
from data.database import Database
from data.signing import new_token, token_hash
from models.audit import Actor
from models.permissions import KIOSK_PERMISSIONS, Scope
from models.problems import BadValue, NotFound
from models.workspace import Kiosk, Workspace

BOARDS = ("main", "hours", "response")


@dataclass(frozen=True, slots=True)
class KioskFacts:
    """A kiosk that is not revoked, and where it belongs."""

    kiosk_id: int
    workspace_id: int
    slug: str
    name: str
    board: str
    theme: str = "dark"

    def scope(self) -> Scope:
        """Its one right: to see a board."""
        return Scope(self.workspace_id, self.slug, KIOSK_PERMISSIONS, name=self.name, kiosk_id=self.kiosk_id)


def create_kiosk(database: Database, workspace_id: int, name: str, board: str, at: datetime, actor: Actor) -> str:
    """A new kiosk; returns its token, which is never seen again. Raises ``BadValue`` and ``NotFound``."""
    check_board(name, board)
    token = new_token()
    with change(database, workspace_id, actor, at) as c:
        kiosk = Kiosk(
            workspace_id=workspace_id,
            name=name.strip(),
            board=board,
            token_hash=token_hash(token),
            created=at,
            audit_id=c.audit_id,
        )
        c.db.add(kiosk)
        c.db.flush()
        c.state("create", "kiosk", kiosk.id, after={"board": board})
    return token


def check_board(name: str, board: str) -> None:
    """Raise ``BadValue`` for a board that there is not, and for a screen without a name."""
    if board not in BOARDS:
        raise BadValue("board", f"give one of {', '.join(BOARDS)}")
    if not name.strip():
        raise BadValue("kiosk", "give the screen a name, such as where it hangs")


def check_kiosk(database: Database, token: str) -> KioskFacts | None:
    """The kiosk of a token; None where there is none or it is revoked."""
    with database.read() as db:
        row = db.execute(
            select(Kiosk.id, Kiosk.workspace_id, Workspace.slug, Kiosk.name, Kiosk.board, Kiosk.theme)
            .join(Workspace, Workspace.id == Kiosk.workspace_id)
            .where(Kiosk.token_hash == token_hash(token), Kiosk.revoked.is_(None))
        ).one_or_none()
    return KioskFacts(*row) if row else None


def revoke_kiosk(database: Database, workspace_id: int, kiosk_id: int, at: datetime, actor: Actor) -> None:
    """The screen goes dark within seconds, and its link never works again. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        kiosk = c.db.get(Kiosk, kiosk_id)
        if kiosk is None or kiosk.workspace_id != workspace_id:
            raise NotFound
        kiosk.revoked = kiosk.revoked or at
        c.state("revoke", "kiosk", kiosk_id)
