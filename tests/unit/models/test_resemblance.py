"""Which messages say much the same."""

from random import Random

from models.resemblance import alike, resemblance, runs_of

FIRE = "There is smoke coming out of the old mill on Canal Street, can anybody hear the engines yet?"
WORDS = FIRE.split()


def changed(rng):
    words = list(WORDS)
    words[rng.randrange(len(words))] = "really"
    return f"@northshire {' '.join(words)} https://example.org/{rng.random()}"


def test_the_same_with_other_handles_links_case_and_marks_is_the_same():
    one = runs_of("RT @somebody: FIRE at the mill, stay away! https://t.co/abc")
    assert resemblance(one, runs_of("@northshire fire at the MILL - stay away")) == 1


def test_forty_three_that_say_much_the_same_are_one_group():
    rng = Random(7)
    texts = [
        changed(rng) if number % 3 else f"Number {number} has lost {number} keys near bridge {number}"
        for number in range(64)
    ]
    groups = alike(texts)
    assert [len(one) for one in groups] == [42]
    assert all("smoke" in texts[place] or "mill" in texts[place] for place in groups[0])


def test_groups_are_those_that_comparing_every_pair_finds():
    rng = Random(3)
    texts = [" ".join(rng.choice(("mill", "fire", "road")) for _ in range(8)) for _ in range(60)]
    runs, leaders = [runs_of(text) for text in texts], []
    sizes = {}
    for place, one in enumerate(runs):
        best = max(leaders, key=lambda leader: resemblance(runs[leader], one), default=None)
        if best is not None and resemblance(runs[best], one) >= 0.5:
            sizes[best] += 1
        else:
            leaders.append(place)
            sizes[place] = 1
    assert [len(group) for group in alike(texts)] == sorted((n for n in sizes.values() if n > 1), reverse=True)


def test_short_words_empty_texts_and_odd_characters_are_no_trouble():
    assert alike(["Help", "help!", "", "", "🔥", "🔥", "\ud800", "\x00"]) == [[0, 1]]
    assert alike([]) == []
