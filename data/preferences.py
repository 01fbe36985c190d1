"""How a person likes to work: theirs wherever they sign in, and on the record."""

from datetime import datetime

from data.audit import actor_of, change
from data.database import Database
from models.audit import INSTALLATION
from models.people import User
from models.permissions import Scope
from models.problems import NotFound


def set_single_keys(database: Database, scope: Scope, on: bool, at: datetime) -> None:
    """Whether single keys do something for the person of the scope; as it is already changes nothing.

    Raises ``NotFound`` for a kiosk.
    """
    if scope.user_id is None:
        raise NotFound
    with change(database, INSTALLATION, actor_of(scope), at) as c:
        user = c.db.get_one(User, scope.user_id)
        if user.single_keys == on:
            return
        user.single_keys = on
        c.state("prefer", "user", user.id, before={"single_keys": not on}, after={"single_keys": on})
