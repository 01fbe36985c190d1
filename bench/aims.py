"""What the figures are to reach, by name: said beside each figure, and once more at the end of a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """The most or the least that a value may be, and how many times better than what it stands beside. All that is given
    must hold.
    """

    most: float | None = None
    least: float | None = None
    ratio: float | None = None

    def reached(self, value: float, ratio: float | None) -> bool:
        """Whether the figure is as good as that."""
        return (
            (self.most is None or value <= self.most)
            and (self.least is None or value >= self.least)
            and (self.ratio is None or (ratio is not None and ratio >= self.ratio))
        )

    def __str__(self) -> str:
        return ", ".join(
            words
            for known, words in (
                (self.most, f"at most {self.most:,}" if self.most is not None else ""),
                (self.least, f"at least {self.least:,}" if self.least is not None else ""),
                (self.ratio, f"{self.ratio:,} times better" if self.ratio is not None else ""),
            )
            if known is not None
        )


AIMS = {
    "commit to tile, 100 screens, p50": Aim(ratio=20),
    "commit to tile, 100 screens, p95": Aim(most=25),
    "commit to chart, 100 screens, p50": Aim(ratio=6),
    "commit to chart, 100 screens, p95": Aim(most=80),
    "400 open screens, commit to screen, p95": Aim(most=100),
    "400 open screens, processor time": Aim(ratio=20),
    "wallboard data, 1,000,000 messages, 400 a day, ms, p50": Aim(ratio=1_000),
    "wallboard data, ms of CPU at 1,000,000 messages / at 100,000": Aim(most=1.5),
    "intake, SQLite, shipped rules, p50": Aim(least=3_000),
    "first load, bytes": Aim(most=750_000),
    "first chart, cold, p50": Aim(ratio=2),
    "first chart, 20 Mbit/s, p50": Aim(ratio=5),
}
