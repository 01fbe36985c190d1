"""The sheet of keys is made from one table, and says what does something here for this person."""

import json

from layouts import keys, shell
from layouts.conversation.actions import FORMS
from layouts.pages import PAGES
from models.permissions import BUILT_IN_ROLES
from tests import factories as make

OPERATOR = BUILT_IN_ROLES["Operator"]


def does(page, permissions=OPERATOR):
    return {one.keys: one.does for one in keys.keys_of(page, permissions)}


def test_every_form_of_a_conversation_is_on_the_sheet_of_its_pages():
    for form in FORMS:
        for page in ("queue", "conversation"):
            assert does(page, [form.permission])[keys.named(form.key)] == form.word.lower()


def test_a_page_shows_its_own_keys_only():
    assert "J" in does("queue")
    assert "J" not in does("wallboard")
    assert does("accounts")["?"] == "this sheet"


def test_nobody_reads_of_what_they_may_not_do():
    assert "C" not in does("queue", BUILT_IN_ROLES["Auditor"])
    assert "g r" not in does("queue")
    assert "g r" in does("queue", BUILT_IN_ROLES["Supervisor"])


def test_no_key_does_two_things_on_one_page():
    for page in PAGES:
        listed = [one.keys for one in keys.KEYS if not one.on or page.name in one.on]
        assert len(listed) == len(set(listed)), page.name


def test_every_page_of_the_bar_that_has_keys_exists():
    assert set(keys.PLACES) <= {page.name for page in PAGES}
    assert keys.page_of("/conversation/7") == "conversation"
    assert keys.page_of("/") == ""


def test_the_sheet_stands_in_every_frame_but_a_kiosks():
    drawn = json.dumps(shell.frame(make.shell(), "x", "/queue"), default=lambda one: one.to_plotly_json())
    assert '"Keys on this page"' in drawn
    assert '"value": true' in drawn
    kiosk = json.dumps(shell.frame(make.shell(kiosk=True), "x"), default=lambda one: one.to_plotly_json())
    assert "Keys on this page" not in kiosk
