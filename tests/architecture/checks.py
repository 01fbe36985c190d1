"""The house rules as functions of source text: each returns one line per breach, and nothing where the rule is kept."""

import ast
import re
from collections.abc import Iterator

LONGEST_FUNCTION, LONGEST_MODULE = 40, 400
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "shared", "lib"}
CLOCK_CALLS = {
    "now": {"datetime", "func", "Timestamp", "dt"},
    "utcnow": {"datetime", "dt"},
    "today": {"datetime", "date", "dt", "Timestamp"},
    "time": {"time"},
    "time_ns": {"time"},
}
DEPENDENCIES = {"Input", "Output", "State"}
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(node: ast.AST) -> str:
    """The last word of a name, an attribute or the thing called."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return getattr(node, "attr", getattr(node, "id", ""))


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def long_functions(source: str) -> list[str]:
    return [
        f"{node.name} is {length} lines long (line {node.lineno})"
        for node in functions(source)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def long_module(source: str) -> list[str]:
    length = source.count("\n")
    return [f"{length} lines"] if length > LONGEST_MODULE else []


def nested_functions(source: str) -> list[str]:
    """Functions inside functions, but for decorators: those hold (or are) a function that `wraps` another."""
    return [
        f"{inner.name} is defined inside {outer.name} (line {inner.lineno})"
        for outer in functions(source)
        for inner in ast.walk(outer)
        if isinstance(inner, Function) and inner is not outer and not wraps_something(inner)
    ]


def wraps_something(function: ast.AST) -> bool:
    return any(
        name_of(decorator) == "wraps"
        for node in ast.walk(function)
        if isinstance(node, Function)
        for decorator in node.decorator_list
    )


def wiring_by_decorator(source: str) -> list[str]:
    """`@callback`, `@app.callback` and `@server.route`: wiring belongs in the table of `register`."""
    return [
        f"{node.name} is wired by a decorator (line {node.lineno})"
        for node in functions(source)
        for decorator in node.decorator_list
        if name_of(decorator) in {"callback", "clientside_callback", "route", "get", "post", "before_request"}
    ] + [
        f"the global callback is imported (line {node.lineno})"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "dash"
        for alias in node.names
        if alias.name in {"callback", "clientside_callback"}
    ]


def clocks(source: str) -> list[str]:
    """Every place that reads the time of day: by a call, by handing the function on, or by importing it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and name_of(node.value) in CLOCK_CALLS.get(node.attr, ()):
            found.append(f"{name_of(node.value)}.{node.attr} (line {node.lineno})")
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [
                f"from time import {a.name} (line {node.lineno})" for a in node.names if a.name.startswith("time")
            ]
        elif isinstance(node, ast.Name) and node.id in {"current_timestamp", "CURRENT_TIMESTAMP"}:
            found.append(f"{node.id} (line {node.lineno})")
    return found


def quoted_ids(source: str) -> list[str]:
    """`Input("...`, `Output(f"...`, `State({"type": ...`: an id is a token of the page's `Ids`."""
    return [
        f"{name_of(node)} has its id in quotes (line {node.lineno})"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and name_of(node) in DEPENDENCIES
        for first in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "component_id")]
        if isinstance(first, ast.JoinedStr | ast.Dict) or (isinstance(first, ast.Constant) and first.value is not None)
    ]


def sleeps(source: str) -> list[str]:
    """Waiting for a length of time instead of for what should happen."""
    return [
        f"{name_of(node)} (line {node.lineno})"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and name_of(node) in {"sleep", "wait_for_timeout"}
    ]


def imports(source: str) -> set[str]:
    """Every module that a source imports, with dots."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def drawers(path: str) -> list[str]:
    """Words of a path that say nothing of what is inside."""
    return [word for word in re.split(r"[/._-]", path) if word.lower() in DRAWERS]


FOREIGN = re.compile(r"""(?:https?:|wss?:)//(?!www\.w3\.org/)[^\s"'`)]*|(?<=["'(`])//[a-z0-9-]+\.[a-z0-9.-]+""", re.I)


def foreign_hosts(text: str) -> list[str]:
    """Addresses of other hosts in a script, a style sheet or a template; XML name spaces are names, not addresses."""
    return FOREIGN.findall(text)


DANGEROUS = re.compile(
    r"\bIframe\b|<iframe|srcDoc|dangerously|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write"
    r"|\beval\(|\|\s*safe\b",
    re.I,
)


def dangers(text: str) -> list[str]:
    """Ways by which a text from outside could become markup or a script."""
    return DANGEROUS.findall(text)


MACHINE = re.compile(
    r"(?<![\w./:-])/(?:home|root|work|Users|opt)/[\w.-]+|\bfile://"
    r"|--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|\.\./sha[r]ed/"
)


def machine_paths(text: str) -> list[str]:
    """Paths and addresses that are true on one machine only."""
    return MACHINE.findall(text)


def resolved(lock: dict) -> list[str]:
    """Packages of a lock whose registry address is written down."""
    return [name for name, package in lock.get("packages", {}).items() if "resolved" in package]


def undocumented(names: set[str], text: str) -> list[str]:
    """Names that a text does not have as whole words."""
    return sorted(name for name in names if not re.search(rf"\b{re.escape(name)}\b", text))


def mistaken(names: set[str], text: str, prefix: str) -> list[str]:
    """Words with the prefix that are not among the names: what was renamed and what never was."""
    return sorted(set(re.findall(rf"\b{prefix}[A-Z_]+\b", text)) - names)


def icon_names(source: str) -> set[str]:
    """Icons a source asks for: `icon("name")` and `icon="name"`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            wanted = [k.value for k in node.keywords if k.arg == "icon"]
            wanted += node.args[:1] if name_of(node) == "icon" else []
            found |= {w.value for w in wanted if isinstance(w, ast.Constant) and isinstance(w.value, str)}
    return found
