"""The banner of a major incident as pages, walls and kiosks show it."""

from layouts import shell
from layouts.components.major import banner
from models.snapshots import MajorMark
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

MARK = MajorMark(3, "Canal Street fire", "Smoke over the ward", "Stay indoors.", make.NOW, make.NOW, "J. Okafor")


def test_a_page_has_its_words_the_way_to_the_incident_and_who_worded_it():
    page = banner(MARK, make.NORTHSHIRE, "/queue")
    for words in ("MAJOR INCIDENT", "Canal Street fire", "Smoke over the ward", "Stay indoors.", "J. Okafor", "14:32"):
        assert words in str(texts(page))
    assert "/incidents/3?workspace=northshire" in drawn(page)


def test_a_wall_has_all_of_it_and_no_name_of_a_colleague():
    wall = banner(MARK, make.NORTHSHIRE, "/wallboard/main")
    assert "Stay indoors." in str(texts(wall)) and "J. Okafor" not in str(texts(wall))
    assert "href" not in drawn(wall)


def test_without_joint_lines_it_says_so():
    silent = MajorMark(3, "Fire", "Smoke", "", make.NOW, make.NOW, "J. Okafor")
    assert "none agreed yet" in str(texts(banner(silent, make.NORTHSHIRE, "/queue")))
    assert "We say" not in str(texts(banner(silent, make.NORTHSHIRE, "/wallboard/main")))


def test_every_frame_has_its_place_and_none_stands_empty():
    assert "MAJOR INCIDENT" in str(texts(shell.frame(make.shell(major=MARK), "x", "/queue")))
    assert "MAJOR INCIDENT" in str(texts(shell.frame(make.shell(major=MARK, kiosk=True), "x", "/wallboard/hours")))
    assert "MAJOR INCIDENT" not in str(texts(shell.frame(make.shell(), "x")))
    assert "live-major" in drawn(shell.frame(make.shell(), "x"))
    assert "live-major" not in drawn(shell.frame(make.shell(permissions=frozenset()), "x"))
