from tests import rows


def test_templates_and_words_from_the_command_line(run, database):
    rows.add_workspace(database)
    assert "is offered" in run("replies", "add-template", "Shwmae", "Shwmae {contact}", "--language", "cy").output
    assert "Shwmae {contact}" in run("replies", "list").output
    assert "no variable {kontakt}" in run("replies", "add-template", "Bad", "Dear {kontakt}", code=1).output
    assert "is retired" in run("replies", "retire-template", "1").output
    assert "(retired " in run("replies", "list").output
    run("replies", "block", "calm down")
    assert "Blocked: calm down" in run("replies", "list").output
    run("replies", "unblock", "calm down")
    assert "Blocked" not in run("replies", "list").output


def test_a_grade_waits_for_a_second_person(run, database):
    rows.add_workspace(database)
    assert "emergency conversations wait for" in run("replies", "approval", "emergency", "on").output
    assert "emergency conversations need no" in run("replies", "approval", "emergency", "off").output
    assert "no such thing" in run("replies", "approval", "nonsense", "on", code=1).output
