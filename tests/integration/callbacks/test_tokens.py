"""Tokens on one's own page."""

import re

from tests.rows import PASSWORD
from tests.visits import Visitor

FACTS = {"name": "Duty board", "workspace": "north", "reach": "queue", "days": "30"}


def test_a_token_is_made_with_the_password_shown_once_used_and_revoked(server, ann):
    assert ann.post("/me/tokens", **FACTS, password="wrong").status_code == 401
    made = ann.post("/me/tokens", **FACTS, password=PASSWORD)
    assert made.headers["Cache-Control"] == "no-store"
    token = re.search(r"watchroom_[\w-]+", made.text)[0]
    assert token not in ann.get("/me").text
    asker = Visitor(server)
    shown = {"Authorization": f"Bearer {token}"}
    assert asker.get("/api/v1/queue", **shown).status_code == 200
    assert asker.get("/api/v1/accounts", **shown).status_code == 403
    assert "Duty board, North" in ann.get("/me").text
    assert ann.post("/me/tokens/1").status_code == 302
    assert asker.get("/api/v1/queue", **shown).status_code == 401
    assert "You have no token." in ann.get("/me").text
    assert ann.post("/me/tokens/1").status_code == 404


def test_what_no_token_can_be_is_refused_on_the_page(ann):
    for wrong in ({"days": "9999999"}, {"days": "x"}, {"reach": "all"}, {"name": "\0"}):
        assert ann.post("/me/tokens", **(FACTS | wrong), password=PASSWORD).status_code == 400
    assert ann.post("/me/tokens", **(FACTS | {"workspace": "south"}), password=PASSWORD).status_code == 404


def test_whoever_owes_a_second_factor_makes_no_token(ann, monkeypatch):
    monkeypatch.setattr("callbacks.tokens.owes_factor", lambda _: True)
    answer = ann.post("/me/tokens", **FACTS, password=PASSWORD)
    assert "set up your second factor first" in answer.text
