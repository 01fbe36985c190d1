"""The panel of a conversation as its browser sees it: buttons pressed, forms opened and submitted, news heard."""

import json

WORKSPACE = "north"


def callback(visitor, output="", trigger=""):
    """The registered callback that fills ``output`` or follows ``trigger`` (parts of their names)."""
    dash = visitor.client.application.extensions["watchroom"].dash
    return next(
        entry
        for entry in dash._callback_list
        if output in entry["output"] and any(trigger in str(part["id"]) for part in entry["inputs"])
    )


def run(visitor, entry, triggered, values, workspace=WORKSPACE, query=""):
    """Call it as a browser does. ``triggered`` names one part, or several with blanks between. ``values`` are by
    ``id.property``; a part that is a pattern gets a list of (id, value).
    """
    known = {"url.search": f"?workspace={workspace}{query}"} | values
    name = entry["output"]
    outputs = [target(*one.rsplit(".", 1), known) for one in name.strip(".").split("...")]
    return visitor.call(
        {
            "output": name,
            "outputs": outputs if name.startswith("..") else outputs[0],
            "inputs": [part(one, known) for one in entry["inputs"]],
            "state": [part(one, known) for one in entry["state"]],
            "changedPropIds": triggered.split(),
        }
    )


def target(name, prop, known):
    """What an output stands for: one component, or for a pattern all those of its type that the page has."""
    if "{" not in name:
        return {"id": name, "property": prop}
    kind = json.loads(name)["type"]
    return [{"id": one, "property": prop} for one, _ in known["buttons"] if one["type"] == kind]


def part(dependency, known):
    prop = dependency["property"]
    found = known.get(f"{dependency['id']}.{prop}")
    if "{" in str(dependency["id"]):
        pattern = json.loads(dependency["id"]) if isinstance(dependency["id"], str) else dependency["id"]
        return [
            {"id": one, "property": prop, "value": one if prop == "id" else value}
            for one, value in known["buttons"]
            if one["type"] == pattern["type"]
        ]
    return {"id": dependency["id"], "property": prop, "value": found}


def press(visitor, button, clicks=1, workspace=WORKSPACE):
    """Press a button whose id is a dictionary: claim, release, or the opener of a form."""
    entry = callback(visitor, trigger=json.dumps(button["type"]))
    name = json.dumps(button, sort_keys=True, separators=(",", ":"))
    return run(visitor, entry, f"{name}.n_clicks", {"buttons": [(button, clicks)]}, workspace)


def open_form(visitor, form, key, workspace=WORKSPACE):
    return press(visitor, {"type": "open-form", "form": form, "id": key}, workspace=workspace)


def submit(visitor, form, key, workspace=WORKSPACE, clicks=1, **fields):
    """Submit a form with its fields by the ends of their ids: ``outcome=3`` is ``close-outcome``."""
    values = {f"{form}-{name.replace('_', '-')}.value": value for name, value in fields.items()}
    values |= {f"{form}-submit.n_clicks": clicks, f"{form}-form.data-conversation": str(key)}
    return run(visitor, callback(visitor, trigger=f"{form}-submit"), f"{form}-submit.n_clicks", values, workspace)


def refresh(visitor, path="/queue", query="", shown="", signs=("", ""), changed="live-queue.data"):
    """The panel's regions after news or another address; the response's regions by their ids."""
    values = {
        "live-queue.data": {"revision": 9},
        "url.pathname": path,
        "panel-thread.data-conversation": shown,
        "panel-head.data-sign": signs[0],
        "panel-thread.data-sign": signs[1],
    }
    return run(visitor, callback(visitor, output="panel-head.data-sign"), changed, values, query=query)
