"""Where every bench writes its figures: ``var/bench.json``, and one line each on the screen."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

from bench.aims import AIMS

FILE = Path("var") / "bench.json"


@dataclass(frozen=True)
class Measured:
    """One figure. ``ratio`` says how many times better it is than what it stands beside, where it stands beside one."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    aim: str | None = None
    reached: bool | None = None


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed (numpy's ``inverted_cdf``)."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def report(name: str, value: float, unit: str, ratio: float | None = None) -> None:
    """Print the figure, with its aim where it has one, and keep it; one of the same name is replaced."""
    aim = AIMS.get(name)
    figure = Measured(
        name,
        round(value, 3),
        unit,
        None if ratio is None else round(ratio, 1),
        str(aim) if aim else None,
        aim.reached(value, ratio) if aim else None,
    )
    kept = [one for one in read() if one["name"] != name]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps([*kept, asdict(figure)], indent=1) + "\n", encoding="utf-8")
    print(line(asdict(figure)), flush=True)


def line(figure: dict) -> str:
    """A figure on the screen."""
    beside = "" if figure["ratio"] is None else f"   {figure['ratio']:g} times better"
    aim = "" if not figure.get("aim") else f"   {'aim' if figure['reached'] else 'AIM MISSED'}: {figure['aim']}"
    return f"{figure['name']:<62} {figure['value']:>10g} {figure['unit']}{beside}{aim}"


def tell_aims() -> None:
    """All figures that have an aim, and the aims of which there is no figure."""
    figures = {one["name"]: one for one in read()}
    print("\naims", flush=True)
    for name, aim in AIMS.items():
        print(line(figures[name]) if name in figures else f"{name:<62}        not measured   aim: {aim}", flush=True)


def report_times(name: str, ours: Sequence[float], unit: str, other: str = "", theirs: Sequence[float] = ()) -> None:
    """Print and keep p50 and p95 of ``ours`` and, where given, of ``theirs`` from the same run, with the ratio of each."""
    for label, share in (("p50", 0.5), ("p95", 0.95)):
        mine = quantile(ours, share)
        if theirs:
            his = quantile(theirs, share)
            report(f"{name}, {other}, {label}", his, unit)
            report(f"{name}, {label}", mine, unit, his / mine)
        else:
            report(f"{name}, {label}", mine, unit)


def read() -> list[dict]:
    """The figures so far."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []
