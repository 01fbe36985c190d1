"""One shift that the night handed over to the day, so that a newcomer sees what stays of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from data.database import Database
from data.experts import keep_skill, sign_on
from data.queries.shift import picture_at
from data.shifts import accept_shift, give_shift
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.shifts import ShiftHandOver
from models.workspace import Workspace

HOME, NIGHT, DAY = "northshire", "hprice", "jokafor"
SKILLS = (("crees", "Welsh speaker", None), ("miqbal", "Urdu speaker", 400), ("rhale", "Drone operator", -20))
"""Who can do what, and how many days from now the accreditation holds; None for good."""
NOTE = "Quiet until two, then the floods. Highways promised a call about the underpass before nine."


def keep_skills(database: Database, at: datetime) -> None:
    """Skills of colleagues, one of them run out, and one colleague on duty. May run again."""
    with database.read() as db:
        home = db.scalar(select(Workspace.id).where(Workspace.slug == HOME))
        people = {one.sign_in: one for one in db.scalars(select(User))}
    if home is None or not {DAY, "crees", "miqbal", "rhale"} <= people.keys():
        return
    boss = Scope(home, HOME, BUILT_IN_ROLES["Supervisor"], people[DAY].id, people[DAY].name)
    for name, word, days in SKILLS:
        until = None if days is None else at.date() + timedelta(days=days)
        keep_skill(database, boss, people[name].id, word, until, at)
    sign_on(database, Scope(home, HOME, BUILT_IN_ROLES["Operator"], people["crees"].id, people["crees"].name), at)


def hand_shift_over(database: Database, at: datetime) -> None:
    """Do it once for a database; nothing where those people are not there."""
    with database.read() as db:
        home = db.scalar(select(Workspace.id).where(Workspace.slug == HOME))
        people = {one.sign_in: one for one in db.scalars(select(User).where(User.sign_in.in_((NIGHT, DAY))))}
        if home is None or len(people) < 2 or db.scalar(select(ShiftHandOver.id).limit(1)) is not None:
            return
    night, day = (
        Scope(home, HOME, BUILT_IN_ROLES["Supervisor"], people[name].id, people[name].name) for name in (NIGHT, DAY)
    )
    picture = picture_at(database, night, None, at)
    if picture is not None:
        picture = replace(picture, accounts=())  # nothing was read in the story's night: it was told
        accept_shift(database, day, give_shift(database, night, picture, NOTE, day.user_id, at), at)
