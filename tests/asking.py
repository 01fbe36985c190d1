"""Everything that the running program answers, enumerated from it, and bodies that its callbacks take.

Nothing here names a handler: what is wired later is asked by itself.
"""

import json

from callbacks.guard import PAGE_ENDPOINTS
from callbacks.house import KEY
from callbacks.places import find

VALUES = {"page": "queue", "token": "t", "package_name": "dash", "fingerprinted_path": "x.js", "filename": "x.css"}


def rules(server):
    """Every route but the pages, which are asked by their own list."""
    return [rule for rule in server.url_map.iter_rules() if rule.endpoint not in PAGE_ENDPOINTS]


def value_of(rule, name, number="1"):
    """Something that stands in an address: where only some words may, one of them."""
    choices = getattr(rule._converters[name], "items", None)
    return min(choices) if choices else VALUES.get(name, number)


def address(rule, number="1"):
    """An address of a route. ``number`` stands where it takes a key."""
    return rule.build({name: value_of(rule, name, number) for name in rule.arguments})[1]


def callbacks_of(server):
    """Name, handler and inputs of every callback that runs on the server; those that run in the page have no handler."""
    dash = server.extensions[KEY].dash
    listed = {entry["output"]: entry for entry in dash._callback_list}
    for name, known in dash.callback_map.items():
        if "callback" in known:
            yield name, known["callback"], listed[name]


def body_of(entry, path="/queue", search="?workspace=north", key=1, value=None, changed=None):
    """The body that a page would send for a callback: when it loads, or when what ``changed`` (an input's number) did.

    ``key`` stands wherever a part is one of many; ``value(property)`` gives what the page would hold there.
    """
    at_hand = {"pathname": path, "search": search, "href": f"http://localhost{path}{search}"}

    def held(prop):
        return at_hand[prop] if prop in at_hand else value(prop) if value else None

    def part(one):
        return with_values(one["id"], one["property"], held, key)

    inputs = [part(one) for one in entry["inputs"]]
    name = entry["output"]
    outputs = [target(*one.rsplit(".", 1), key) for one in name.strip(".").split("...")]
    return {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": inputs,
        "state": [part(one) for one in entry["state"]],
        "changedPropIds": [] if changed is None else [triggered(inputs[changed % len(inputs)])],
    }


def with_values(name, prop, held, key):
    """A part of a body; one that stands for many is a list of one, which is about ``key``."""
    found = concrete(name, key)
    if found is None:
        return {"id": name, "property": prop, "value": held(prop)}
    one = {"id": found, "property": prop, "value": found if prop == "id" else held(prop)}
    return [one] if "ALL" in json.dumps(pattern(name)) else one


def target(name, prop, key):
    """An output of a body."""
    prop = prop.split("@")[0]
    found = concrete(name, key)
    if found is None:
        return {"id": name, "property": prop}
    one = {"id": found, "property": prop}
    return [one] if "ALL" in json.dumps(pattern(name)) else one


def pattern(name):
    """The id of a part that stands for others; None for an ordinary one."""
    if isinstance(name, dict):
        return name
    return json.loads(name) if name.startswith("{") else None


def concrete(name, key):
    """One of those that a pattern stands for."""
    found = pattern(name)
    if found is None:
        return None
    return {part: key if isinstance(one, list) else one for part, one in found.items()}


def triggered(part):
    """How a body names the input that changed."""
    one = part[0] if isinstance(part, list) else part
    name = one["id"]
    shown = name if isinstance(name, str) else json.dumps(name, sort_keys=True, separators=(",", ":"))
    return f"{shown}.{one['property']}"


def page_paths(pages, key=1):
    """A path of every page."""
    return [path for page in pages for path in [a_path(page, key)] if path]


def a_path(page, key=1):
    """The page's own path, or the first of its sub-pages or keys that is one."""
    for path in (page.path, f"{page.path}/{key}"):
        if find(path) is not None:
            return path
    return ""
