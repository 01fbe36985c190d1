"""The boards' tables, drawn again when their own numbers changed; tiles and charts are pushed."""

import json

import pytest

from data.kiosks import create_kiosk
from layouts.boards import hours, main, response
from models.audit import COMMAND
from tests.rows import NOW, add_conversation


def redraw(visitor, live):
    """What is drawn again for the news of one region."""
    dash = visitor.client.application.extensions["watchroom"].dash
    drawn = []
    for entry in dash._callback_list:
        if [part["id"] for part in entry["inputs"]] != [live]:
            continue
        outputs = [one.rsplit(".", 1) for one in entry["output"].strip(".").split("...")]
        targets = [{"id": name, "property": prop} for name, prop in outputs]
        body = {
            "output": entry["output"],
            "outputs": targets if entry["output"].startswith("..") else targets[0],
            "inputs": [{"id": live, "property": "data", "value": {"revision": 9}}],
            "state": [
                {"id": part["id"], "property": part["property"], "value": "?workspace=north"} for part in entry["state"]
            ],
            "changedPropIds": [f"{live}.data"],
        }
        answer = visitor.call(body)
        assert answer.status_code in {200, 204}, answer.text
        drawn.append(json.dumps(answer.json) if answer.status_code == 200 else "")
    return drawn


@pytest.mark.parametrize("live", [main.Ids.LIVE_TABLE, hours.Ids.LIVE_TABLE, response.Ids.LIVE_TABLE])
def test_a_board_lists_its_numbers_again_for_people_and_kiosks(database, north, ann, visitor, live):
    add_conversation(database, north, text="a contact's own words")
    ann.open("/wallboard/main?workspace=north")
    visitor.open(f"/kiosk/{create_kiosk(database, north, 'Duty desk', 'main', NOW, COMMAND)}")
    for who in (ann, visitor):
        drawn = redraw(who, live)
        assert any('"Table"' in one for one in drawn)
        assert not any("own words" in one or "eighbour" in one for one in drawn)
