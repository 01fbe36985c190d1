"""What triage costs a message: ours beside one case-insensitive regular expression for each rule, in the same run.

Run with ``python -m bench.rules``. Messages have about 140 characters; rules hold 20 words and phrases each, a fifth of
them with a wildcard; about one message in ten holds a rule's word. Also a hostile text of 10 MB.
"""

import random
import re
import statistics
from time import perf_counter

from bench.report import report
from models.rules import Arrival, Conditions, RuleFacts, RuleSet, Words

ROUNDS = 5
LETTERS = "abcdefghiklmnoprstuvwy"
RANKS = {"Emergency": 1, "Priority": 2, "Standard": 3}


def vocabulary(chance, count):
    return ["".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in range(count)]


def one_word(chance, words):
    word = chance.choice(words)
    shape = chance.random()
    if shape < 0.2 and len(word) > 4:
        return chance.choice([word[:5] + "*", "*" + word[-5:]])
    return word if shape < 0.6 else f"{word} {chance.choice(words)}"


def ruled(chance, count):
    words = vocabulary(chance, 4000)
    return [
        RuleFacts(n, f"rule {n}", Conditions(words=Words(tuple(one_word(chance, words) for _ in range(20)))))
        for n in range(count)
    ]


def messages(chance, count, rules, accents=False):
    words = vocabulary(chance, 3000)
    texts = []
    for _ in range(count):
        text = " ".join(chance.choices(words, k=40))[:140]
        if chance.random() < 0.1:
            text += " " + chance.choice(chance.choice(rules).conditions.words.any).replace("*", "")
        texts.append("@northshire " + (text + " café 🔥" if accents else text).capitalize())
    return [Arrival(text, "x", "public", 1, "en", False, "out") for text in texts]


def plain(rules):
    """The obvious way: every rule one regular expression, searched for in turn."""

    def source(word):
        return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")

    patterns = [
        re.compile(r"\b(?:" + "|".join(map(source, rule.conditions.words.any)) + r")\b", re.I) for rule in rules
    ]
    return lambda arrival: [[match.span() for match in pattern.finditer(arrival.text)] for pattern in patterns]


def cost(act, arrivals):
    """Microseconds a message, one figure for each round."""
    costs = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for arrival in arrivals:
            act(arrival)
        costs.append((perf_counter() - begun) / len(arrivals) * 1e6)
    return costs


def figures():
    """(name, value, unit, ratio) rows: microseconds a message, and how many times the plain way costs more."""
    chance = random.Random(2026)
    rows = []
    for count in (30, 200):
        rules = ruled(chance, count)
        rule_set = RuleSet(rules, RANKS)
        for label, accents in (("ascii", False), ("accents and emoji", True)):
            arrivals = messages(chance, 1000, rules, accents)
            ours = cost(rule_set.triage, arrivals)
            other = cost(plain(rules), arrivals[:40])
            median, worst = statistics.median(ours), max(ours)
            name = f"triage, {count} rules of 20 words, {label}"
            rows.append((f"{name}, median", median, "us", statistics.median(other) / median))
            rows.append((f"{name}, slowest round", worst, "us", max(other) / worst))
    hostile = Arrival("fire " * 2_000_000, "x", "public", 1, None, False, "none")
    burning = RuleSet(
        [RuleFacts(n, "f", Conditions(words=Words(("*fire*fire", "fire fire fires", "f*e")))) for n in range(200)],
        RANKS,
    )
    rows.append(
        (
            "triage of 10 MB of one word, 200 rules",
            statistics.median(cost(burning.triage, [hostile])[:1]) / 1e6,
            "s",
            None,
        )
    )
    return rows


def main():
    """All of it."""
    for figure in figures():
        report(*figure)


if __name__ == "__main__":
    main()
