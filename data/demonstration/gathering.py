"""What colleagues of the demonstration make of the fire while it is served: an incident with all that belongs to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.demonstration.county import SAMPLES
from data.flags import set_flag
from data.incidents import add_to_incident, close_incident, describe_incident, keep_methane, open_incident
from data.merging import merge_contacts
from data.notes import add_note
from models.conversation import Contact, Conversation, Message
from models.incidents import KEYS, Draft, Incident, Major, Methane
from models.merging import ContactMerge
from models.notes import Note
from models.people import User
from models.permissions import BUILT_IN_ROLES, Scope
from models.workspace import Workspace

SLUG = "northshire"
NAME = "Canal Street fire"
A_DOZEN = 12
SUPERVISOR = "jokafor"


@dataclass(frozen=True, slots=True)
class Fire:
    """The fire as far as it has come: its conversations by the number of their person in the script."""

    workspace_id: int
    start: datetime
    people: Mapping[str, int]
    colleagues: Mapping[str, tuple[int, str]]

    def scope(self, sign_in: str, role: str = "Operator") -> Scope:
        """A colleague at the desk."""
        key, name = self.colleagues[sign_in]
        return Scope(self.workspace_id, SLUG, BUILT_IN_ROLES[role], key, name)


def gather(database: Database, start: datetime, now: datetime) -> None:
    """Do what is still to be done about the fire that began at ``start``. May run again: nothing is done twice."""
    with database.read() as db:
        fire = _fire(db, start)
        done = _standing(db, fire)
    if done.reported or not fire.people:
        return
    supervisor = fire.scope(SUPERVISOR, "Supervisor")
    for key in done.older:
        close_incident(database, supervisor, key, now)
    wanted = list(fire.people.values())[:A_DOZEN]
    incident_id = done.incident_id
    if incident_id is None:
        reference = f"482 of {start.day} {start:%B}"
        incident_id = open_incident(database, supervisor, NAME, reference, wanted, now)
    else:
        add_to_incident(database, fire.scope("rhale"), incident_id, wanted, now)
    _say(database, fire, done.noted, now)
    if len(wanted) == A_DOZEN:
        _one_person(database, fire, done.namesakes, now)
        describe_incident(database, supervisor, incident_id, NAME, f"482 of {start.day} {start:%B}", "true", now)
        keep_methane(database, supervisor, incident_id, _methane(database, fire), now)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was done already, and what may be: ``namesakes`` are two identities of one name, while none are merged."""

    incident_id: int | None
    reported: bool
    older: Sequence[int]
    noted: frozenset[int]
    namesakes: tuple[int, int] | None


def _fire(db: Session, start: datetime) -> Fire:
    home = db.scalar(select(Workspace.id).where(Workspace.slug == SLUG)) or 0
    begins = f"incident-{int(start.timestamp())}-"
    rows = db.execute(
        select(Contact.network_id, Conversation.id)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(Contact.workspace_id == home, Contact.network_id.startswith(begins, autoescape=True))
        .order_by(Conversation.id)
    )
    users = db.execute(select(User.sign_in, User.id, User.name))
    return Fire(
        home,
        start,
        {row.network_id.removeprefix(begins): row.id for row in rows},
        {sign_in: (key, name) for sign_in, key, name in users},
    )


def _standing(db: Session, fire: Fire) -> Standing:
    rows = list(db.scalars(select(Incident).where(Incident.workspace_id == fire.workspace_id, Incident.name == NAME)))
    own = next((row.id for row in rows if row.opened >= fire.start), None)
    noted = db.scalars(select(Note.conversation_id).where(Note.conversation_id.in_(fire.people.values())))
    return Standing(
        own,
        own is not None and db.scalar(select(Methane.id).where(Methane.incident_id == own).limit(1)) is not None,
        [row.id for row in rows if row.opened < fire.start and row.closed is None],
        frozenset(noted),
        _namesakes(db, fire.workspace_id),
    )


def _namesakes(db: Session, home: int) -> tuple[int, int] | None:
    """Somebody who writes on two networks under one name, while nobody is merged yet."""
    if db.scalar(select(ContactMerge.id).where(ContactMerge.workspace_id == home).limit(1)) is not None:
        return None
    found = db.execute(
        select(func.min(Contact.id), func.max(Contact.id))
        .where(Contact.workspace_id == home, Contact.name != "")
        .group_by(Contact.name)
        .having(func.count(Contact.channel.distinct()) > 1, func.min(Contact.channel) != func.max(Contact.channel))
        .order_by(func.max(Contact.id).desc())
        .limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found is not None else None


def _script() -> Any:
    return json.loads((SAMPLES / "gathering.json").read_text("utf-8"))


def _say(database: Database, fire: Fire, noted: frozenset[int], now: datetime) -> None:
    """Notes and flags on the conversations that have come, each once."""
    for line in _script()["notes"]:
        key = fire.people.get(line["contact"])
        if key is not None and key not in noted:
            add_note(database, fire.scope(line["by"]), key, line["text"], now)
            for word in line["flags"]:
                set_flag(database, fire.scope(line["by"]), key, word, now)


def _one_person(database: Database, fire: Fire, namesakes: tuple[int, int] | None, now: datetime) -> None:
    if namesakes is not None:
        merge_contacts(database, fire.scope("crees"), *namesakes, _script()["merge"], now)


def _methane(database: Database, fire: Fire) -> Draft:
    """The report of the script, each line citing the first message of its people."""
    lines = {line["line"]: line for line in _script()["methane"]}
    with database.read() as db:
        firsts = {
            name: db.scalar(
                select(Message.id)
                .where(Message.conversation_id == key, Message.direction == "in")
                .order_by(Message.sent, Message.id)
                .limit(1)
            )
            for name, key in list(fire.people.items())[:A_DOZEN]
        }
    return Draft(
        Major.STANDBY,
        tuple(lines[key]["text"] if key in lines else "" for key in KEYS),
        tuple(
            tuple(firsts[one] or 0 for one in lines[key]["cites"] if one in firsts) if key in lines else ()
            for key in KEYS
        ),
    )
