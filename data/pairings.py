"""Pairing a screen: it shows a code, an administrator types the code, and the screen shows its board. No link is handed on."""

import secrets
from datetime import datetime

from sqlalchemy import Select, delete, func, select

from data.audit import actor_of, change
from data.database import Database
from data.kiosks import check_board
from data.signing import new_token, token_hash
from models.pairings import CODE_LASTS, Pairing
from models.permissions import Permission, Scope
from models.problems import BadValue, TooManyTries
from models.workspace import Kiosk

LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"
"""No two of them look alike at five metres."""
LENGTH = 8
MOST_WAITING = 200
"""Screens that wait at once: a flood of visitors fills no table."""
THEMES = ("dark", "light", "contrast")


def code_of(database: Database, token: str | None, at: datetime) -> tuple[str, str]:
    """The code that a screen shows, and the token it keeps: those it has, where they still stand, else new ones.

    Raises ``TooManyTries`` while too many screens wait.
    """
    with database.read() as db:
        if token and (held := db.scalar(_standing(token, at))):
            return held, token
    token = new_token()
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with database.write() as db:
        db.execute(delete(Pairing).where(Pairing.expires <= at))
        if (db.scalar(select(func.count()).select_from(Pairing)) or 0) >= MOST_WAITING:
            raise TooManyTries(CODE_LASTS)
        db.add(Pairing(code=code, token_hash=token_hash(token), expires=at + CODE_LASTS))
    return code, token


def pair(database: Database, scope: Scope, code: str, name: str, board: str, theme: str, at: datetime) -> int:
    """The screen that shows this code becomes a kiosk of the workspace; returns its key.

    Raises ``BadValue`` for a code that no screen shows now, and for a name, board or theme that cannot be.
    """
    scope.require(Permission.ADMINISTER)
    check_board(name, board)
    if theme not in THEMES:
        raise BadValue("theme", f"give one of {', '.join(THEMES)}")
    wanted = "".join(letter for letter in code.upper() if letter.isalnum())
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        shown = c.db.scalar(select(Pairing).where(Pairing.code == wanted, Pairing.expires > at).with_for_update())
        if shown is None:
            raise BadValue("code", "no screen shows this one now: read it again, or open /kiosk there for a new one")
        kiosk = Kiosk(
            workspace_id=scope.workspace_id,
            name=name.strip(),
            board=board,
            token_hash=shown.token_hash,
            created=at,
            theme=theme,
            audit_id=c.audit_id,
        )
        c.db.add(kiosk)
        c.db.delete(shown)
        c.db.flush()
        c.state("create", "kiosk", kiosk.id, after={"name": kiosk.name, "board": board, "theme": theme})
    return kiosk.id


def _standing(token: str, at: datetime) -> Select[str]:
    return select(Pairing.code).where(Pairing.token_hash == token_hash(token), Pairing.expires > at)
