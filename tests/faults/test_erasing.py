"""Erasing a contact: what they said and who they were is nowhere any more, and no figure has moved. Before: their pack."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from data import database as database_module
from data import erasing
from data.audit import change
from data.backup import back_up
from data.erasing import Erased, erase_contact
from data.rebuilding import rebuild
from data.scouring import scour
from data.subject_access import access_pack
from data.verification import verify
from models.assessing import Assessment
from models.audit import COMMAND
from models.claims import HandOver
from models.conversation import Contact, Conversation, Message, Quarantined, Turn
from models.decisions import Decision
from models.drafts import Draft
from models.erased import ERASED
from models.incidents import Incident, IncidentConversation, Methane, MethaneDraft, MethaneEvidence
from models.major import MajorIncident
from models.merging import ContactMerge
from models.notes import Note, NoteVersion
from models.outbox import Outgoing
from models.problems import BadValue, NotFound
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch
from models.shifts import ShiftHandOver
from models.views import SavedView
from tests.arrivals import NOW, add_colleague, answers, asks, edit, found, person
from tests.rows import add_workspace, open_database

FULL, PART = 1_000, 10
"""Contacts, and how many for one that is erased."""
FIGURES = (Daily, Hourly, HourlyTotal, ResponseSketch, Turn)
KEPT = (
    "conversation_id",
    "started",
    "due",
    "replied",
    "grade_id",
    "staffed",
    "count",
    "spam",
    "sketch",
    "n",
    "hour",
    "day",
)


def mark(number):
    """A word of one contact, and of nobody else."""
    return "q" + hashlib.sha256(str(number).encode()).hexdigest()[:15]


def posts_of(number):
    word = mark(number)
    who = replace(person(word), name=f"Name {word}", handle=f"@{word}")
    ask = asks(f"{word}-1", number % 600, f"fire, says {word}", who)
    reply = replace(answers(f"{word}-2", number % 600 + 9, ask.network_id, None), text=f"Hello {word}")
    return [ask, edit(ask, number % 600 + 1, f"a big fire, says {word}"), reply]


@pytest.fixture
def town(database_url, rounds):
    """A town of many contacts, each with an edited message, its answer, all that colleagues may write, and an odd payload."""
    database = open_database(database_url)
    add_colleague(database)
    town = found(database)
    number = rounds(FULL)
    for begin in range(0, number, 100):
        several = range(begin, min(begin + 100, number))
        raw = [f'{{"id": "{mark(one)}-1", "text": "odd {mark(one)}"}}' for one in several]
        town.take(*(post for one in several for post in posts_of(one)), unreadable=raw)
    colleague = add_work(town)
    yield town, number, colleague
    database.close()


def add_work(town):
    """What colleagues wrote on every conversation: each kind of text that names its contact."""
    rows = town.rows(Conversation)
    home = town.account.workspace_id
    names = {one.id: one.handle for one in town.rows(Contact)}
    with change(town.database, home, COMMAND, NOW) as c:
        author = c.db.scalar(text('SELECT min(id) FROM "user"'))
        place = {"workspace_id": home, "audit_id": c.audit_id}
        incident = Incident(name="Big fire", opened=NOW, **place)
        c.db.add(incident)
        c.db.flush()
        for one in rows:
            name = names[one.contact_id]
            one.partner = f"Housing, for {name}"
            here = place | {"conversation_id": one.id}
            note = Note(text=f"rang {name}", written=NOW, author_id=author, **here)
            c.db.add(note)
            c.db.flush()
            c.db.add_all(
                [
                    NoteVersion(note_id=note.id, text=f"ring {name}", at=NOW, **place),
                    Draft(workspace_id=home, conversation_id=one.id, user_id=author, text=name, kind="public", at=NOW),
                    HandOver(giver_id=author, note=name, offered=NOW, lapses=NOW, state="declined", **here),
                    Assessment(user_id=author, grade_id=one.grade_id, at=NOW, threat=f"{name} is in danger", **here),
                    outgoing(one, author, name, here),
                    IncidentConversation(incident_id=incident.id, added=NOW, **here),
                    Decision(author_id=author, at=NOW, answers={"threat": f"{name} is at risk"}, **here),
                    SavedView(name=f"of {name}", filters={}, user_id=author, **place),
                ]
            )
        said = " and ".join(names.values())
        c.db.add(Methane(incident_id=incident.id, number=1, written=NOW, lines={"exact": f"near {said}"}, **place))
        words = {"name": "Big fire", "summary": f"near {said}", "lines": f"not {said}", "worded_by": author}
        c.db.add(MajorIncident(incident_id=incident.id, begun=NOW, worded=NOW, **words, **place))
        c.db.add(ShiftHandOver(at=NOW, given=NOW, given_by=author, note=f"ring {said}", facts={}, **place))
        quoted = {"threat": f"near {said}"}
        c.db.add(Decision(incident_id=incident.id, author_id=author, at=NOW, answers=quoted, **place))
        facts = {"texts": [f"seen by {said}"]}
        add_citation(c, names, place)
        c.db.add(MethaneDraft(workspace_id=home, incident_id=incident.id, user_id=author, at=NOW, facts=facts))
        c.state("note", "conversation")
    return author


def add_citation(c, names, place):
    """A report of an incident that holds none of the conversations, and quotes one message of each."""
    elsewhere = Incident(name="Elsewhere", opened=NOW, **place)
    c.db.add(elsewhere)
    c.db.flush()
    report = Methane(incident_id=elsewhere.id, number=1, written=NOW, lines={"hazards": str(names)}, **place)
    c.db.add(report)
    c.db.flush()
    cited = c.db.execute(select(Message.id).where(Message.direction == "in")).scalars()
    c.db.add_all(MethaneEvidence(methane_id=report.id, line="hazards", message_id=key, **place) for key in cited)


def outgoing(conversation, author, name, here):
    """A reply that the network refused."""
    facts = {"account_id": conversation.account_id, "author_id": author, "kind": "public", "written": NOW}
    ids = {"parent_id": f"{name[1:]}-1", "attempt_id": f"told-{name[1:]}-2"}
    return Outgoing(text=f"Dear {name}", state="rejected", reason=f"no {name}", **facts, **ids, **here)


def figures(town):
    """Every row that a chart is drawn from, plainly."""
    return [sorted(str([getattr(row, name, None) for name in KEPT]) for row in town.rows(entity)) for entity in FIGURES]


def held(database, folder):
    """All that the database's own files hold, and a new backup."""
    backup = folder / f"copy-{len(list(folder.iterdir()))}"
    back_up(database, backup, lambda *_: None)
    if database.sqlite:
        path = Path(make_url(database.url).database)
        files = [backup, path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        return b"".join(one.read_bytes() for one in files if one.exists()).lower()
    with zipfile.ZipFile(backup) as archive:
        return b"".join(archive.read(name) for name in archive.namelist()).lower()


def indexed(database, word):
    """Whether the index of words leads from the word to a row."""
    fts = "SELECT count(*) FROM search_{0} WHERE search_{0} MATCH :word"
    vector = "SELECT count(*) FROM {0} WHERE search_words @@ plainto_tsquery('simple', :word)"
    with database.read() as db:
        return any(
            db.scalar(text((fts if database.sqlite else vector).format(name)), {"word": word})
            for name in ("message", "contact", "note")
        )


def traces(database, words, folder):
    """The words that are still held."""
    content = held(database, folder)
    return [word for word in words if word.encode() in content or indexed(database, word)]


def erase(town, numbers):
    keys = {one.handle: one.id for one in town.rows(Contact)}
    for number in numbers:
        key = keys[f"@{mark(number)}"]
        assert erase_contact(town.database, town.account.workspace_id, key, "request 14", NOW, COMMAND) == Erased(
            1, 1, 2
        )
    assert scour(town.database)


def test_nothing_of_an_erased_contact_is_left_and_every_figure_stands(town, tmp_path_factory, capsys):
    town, number, _ = town
    folder = tmp_path_factory.mktemp("held")
    gone = range(0, number, PART)
    words, others = [mark(one) for one in gone], [mark(one) for one in range(number) if one % PART]
    assert traces(town.database, words, folder) == words
    before = figures(town)

    erase(town, gone)

    logged = "".join(capsys.readouterr())
    assert not any(word in logged for word in words)
    assert traces(town.database, words, folder) == []
    assert traces(town.database, others, folder) == others
    assert figures(town) == before
    assert all(chain.bad is None for chain in verify(town.database))

    again = town.take(*(post for one in gone for post in posts_of(one)))
    assert (again.stored, again.duplicate) == (0, 3 * len(gone))
    assert traces(town.database, words, folder) == []
    assert not any(one.differences for one in rebuild(town.database, check_only=True))


PARTS = (
    "_erase_work",
    "_erase_reports",
    "_erase_views",
    "_erase_kept",
    "_erase_messages",
    "_erase_contacts",
    "_erase_former",
)


@pytest.mark.parametrize("part", PARTS)
def test_an_erasure_that_forgets_a_part_is_caught(part, town, tmp_path_factory, monkeypatch):
    town, _, _ = town
    monkeypatch.setattr(erasing, part, lambda _erasure: None)
    key = next(one.id for one in town.rows(Contact) if one.network_id == person(mark(0)).network_id)
    erase_contact(town.database, town.account.workspace_id, key, "request 14", NOW, COMMAND)
    scour(town.database)
    assert traces(town.database, [mark(0)], tmp_path_factory.mktemp("held")) == [mark(0)]


def test_who_waits_and_who_belongs_to_others_is_not_erased(town):
    town, _, author = town
    home = town.account.workspace_id
    known = {one.handle: one.id for one in town.rows(Contact)}
    key, part = known[f"@{mark(1)}"], known[f"@{mark(2)}"]
    other = add_workspace(town.database, "south")
    with pytest.raises(NotFound):
        erase_contact(town.database, other, key, "request 14", NOW, COMMAND)
    with pytest.raises(BadValue):
        erase_contact(town.database, home, key, " ", NOW, COMMAND)
    town.take(asks("late", 5_000, "hello again", posts_of(1)[0].contact))
    with pytest.raises(BadValue):
        erase_contact(town.database, home, key, "request 14", NOW, COMMAND)
    town.take(answers("late-2", 5_001, "late", None))
    with change(town.database, home, COMMAND, NOW) as c:
        facts = {"lead_id": key, "part_id": part, "by_id": author, "reason": mark(1), "begun": NOW}
        c.db.add(ContactMerge(workspace_id=home, audit_id=c.audit_id, **facts))
        c.state("merge", "contact", part)
    assert erase_contact(town.database, home, part, "request 14", NOW, COMMAND) == Erased(2, 2, 6)
    assert erase_contact(town.database, home, part, "request 14", NOW, COMMAND) == Erased(2, 2, 6)

    town.take(asks("new", 6_000, "here again", posts_of(1)[0].contact))
    back = next(one.id for one in town.rows(Contact) if one.handle == f"@{mark(1)}")
    assert back != key
    town.take(answers("new-2", 6_001, "new", None))
    assert erase_contact(town.database, home, back, "request 15", NOW, COMMAND) == Erased(1, 1, 2)
    with town.database.read() as db:
        assert db.scalar(select(Message.text).where(Message.contact_id == back, Message.direction == "in")) == ERASED
        assert sum(one.raw == ERASED for one in db.scalars(select(Quarantined))) == 2


def test_a_pack_holds_all_that_is_held_of_one_contact_and_nothing_of_others(town):
    town, number, _ = town
    home = town.account.workspace_id
    key = next(one.id for one in town.rows(Contact) if one.handle == f"@{mark(1)}")
    pack = access_pack(town.database, home, key, NOW, COMMAND)
    counts = {name: len(rows) for name, rows in pack.items() if isinstance(rows, list)}
    two = {"messages": 2, "earlier_versions": 2}
    assert counts == dict.fromkeys(counts, 1) | two | {"merges": 0}
    whole = json.dumps(pack)
    assert all(
        row and mark(1) in json.dumps(row)
        for name in ("notes", "drafts", "replies", "assessments")
        for row in pack[name]
    )
    assert not any(mark(one) in whole for one in range(number) if one != 1)
    other = add_workspace(town.database, "south")
    with pytest.raises(NotFound):
        access_pack(town.database, other, key, NOW, COMMAND)


@pytest.mark.parametrize("begin", ["BEGIN; SELECT count(*) FROM message", "BEGIN IMMEDIATE"])
def test_files_in_use_are_not_called_clean(begin, database_kind, database_url, monkeypatch):
    if database_kind == "postgres":
        pytest.skip("there are no files beside a Postgres database that are ours to clean")
    monkeypatch.setattr(database_module, "BUSY_MILLISECONDS", 50)
    database = open_database(database_url)
    add_workspace(database)
    with closing(sqlite3.connect(make_url(database_url).database, isolation_level=None)) as other:
        for statement in begin.split("; "):
            other.execute(statement).fetchall()
        assert not scour(database)
        other.execute("ROLLBACK")
        assert scour(database)
    database.close()
