"""The policy: published, asked of everybody, acknowledged by version, kept in one workspace, and in the file."""

import yaml
from sqlalchemy import select

from models.audit import AuditEvent
from models.permissions import BUILT_IN_ROLES
from models.policies import LONGEST_POLICY, Acknowledgement
from tests.integration.callbacks.test_routing import drawn
from tests.rows import add_member, add_workspace
from tests.visits import Visitor

TEXT = "Be kind.\n\nNever name a <b>victim</b>."
WAITS = "social-media policy waits for you"


def acknowledge(visitor, number, slug="north"):
    return visitor.post(f"/policy?workspace={slug}", number=str(number))


def test_a_version_is_asked_of_everybody_until_they_acknowledge_it_and_a_new_one_asks_again(database, north, tom, ann):
    tom.tab = "policies"
    ann.open("/queue?workspace=north")
    assert WAITS not in drawn(ann, "/queue")
    assert ann.get("/policy?workspace=north").status_code == 404
    assert "Version 1 is published" in tom.press("policies.publish", fields={"text": TEXT}).notice
    assert f"Version 1 of the {WAITS}" in drawn(ann, "/queue")
    assert "2 colleagues have not acknowledged version 1" in tom.look().body
    page = ann.get("/policy?workspace=north").text
    assert "Never name a &lt;b&gt;victim" in page
    for wrong in ("2", "0", "x", "1" * 40, "\u0661"):
        assert acknowledge(ann, wrong).status_code == 404
    assert acknowledge(ann, 1).status_code == 303
    assert acknowledge(ann, 1).status_code == 303
    assert WAITS not in drawn(ann, "/queue")
    assert "You acknowledged this version" in ann.get("/policy?workspace=north").text
    assert "1 colleague has not acknowledged version 1" in tom.look().body
    assert "word for word" in tom.press("policies.publish", fields={"text": f" {TEXT} "}).notice
    assert "Version 2" in tom.press("policies.publish", fields={"text": "Be kinder."}).notice
    assert f"Version 2 of the {WAITS}" in drawn(ann, "/queue")
    assert acknowledge(ann, 1).status_code == 404, "a version that is no longer in force"
    with database.read() as db:
        assert len(db.scalars(select(Acknowledgement.id)).all()) == 1
        told = db.execute(select(AuditEvent.action, AuditEvent.after).where(AuditEvent.object == "policy")).all()
    assert [action for action, _ in told] == ["publish", "acknowledge", "publish"]
    assert "kind" not in str(told)


def test_texts_that_cannot_be_are_refused(tom):
    tom.tab = "policies"
    for text in ("", "  ", "x" * (LONGEST_POLICY + 1), "a\0b"):
        assert tom.press("policies.publish", fields={"text": text}).body == ""
    assert "No policy yet" in tom.look().body


def test_a_policy_stays_in_its_workspace_and_every_role_reads_it(server, database, north, tom, ann):
    south = add_workspace(database, "south")
    add_member(database, south, "sue", "Operator")
    tom.press("policies.publish", fields={"text": TEXT})
    sue = Visitor(server)
    sue.sign_in("sue")
    assert sue.get("/policy?workspace=north").status_code == 404
    assert acknowledge(sue, 1).status_code == 404
    assert sue.get("/policy?workspace=south").status_code == 404
    for number, role in enumerate(BUILT_IN_ROLES):
        add_member(database, north, f"one{number}", role)
        one = Visitor(server)
        one.sign_in(f"one{number}")
        assert acknowledge(one, 1).status_code == 303, role
    assert Visitor(server).get("/policy?workspace=north").status_code == 401
    assert ann.open("/queue?workspace=north").call({"output": "x"}).status_code == 400


def test_the_policy_is_in_the_file_and_a_file_brings_the_next_version(tom, ann):
    tom.tab = "policies"
    tom.press("policies.publish", fields={"text": TEXT})
    found = yaml.safe_load(tom.get("/admin-configuration?workspace=north").text)
    assert found["policy"] == [{"name": "social media", "text": TEXT}]
    acknowledge(ann, 1)
    for given, said in (
        ({"policy": found["policy"]}, "Changed 0 lines"),
        ({"policy": [{"name": "other", "text": "a"}]}, "there is one"),
        ({"policy": [{"name": "social media", "text": ""}]}, "write a text"),
        ({"policy": [{"name": "social media", "text": "Be kinder."}]}, "Changed one line"),
    ):
        assert said in tom.press("configuration.apply", fields={"text": yaml.safe_dump(given)}).notice
    assert "Version 2 of the" in drawn(ann.open("/queue?workspace=north"), "/queue")
