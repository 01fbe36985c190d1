"""The tab of short links."""

import re


def test_a_link_is_made_shown_turned_off_and_on(north, tom):
    tom.tab = "tracking"
    assert "No link yet" in tom.look().body
    for wrong in (
        "http://a.example",
        "javascript:alert(1)",
        "https://a.example/\0",
        "https://a.example/" + "x" * 10_000,
    ):
        answer = tom.press("tracking.add", fields={"name": "Floods", "target": wrong})
        assert answer.notice and not answer.body
    made = tom.press("tracking.add", fields={"name": "Floods <b>", "target": "https://a.example/floods"})
    assert re.search(r"/l/[0-9a-f]{10}", made.body)
    assert "https://a.example/floods" in tom.look().body
    assert "turned off" in tom.press("tracking.off", 1).notice
    assert "off since" in tom.look().body
    assert "to its target again" in tom.press("tracking.on", 1).notice
    assert "There is no such thing" in tom.press("tracking.off", 99).notice
