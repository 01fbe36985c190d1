/* The rows of the queue, drawn from what layouts/components/tree.py wrote: only those that look otherwise than before are
made, each stays the element it was, and what has the focus keeps it. Text is only ever text.

A row is chosen where the address names its conversation (c=...): that shows at once, before the server has answered. */
(() => {
  "use strict";

  const TAGS = new Set(["tr", "td", "th", "div", "span", "bdi", "strong", "mark", "a", "p", "kbd", "label", "input",
    "button", "ul", "li"]);
  const PLAIN = /^(class|role|dir|lang|title|colspan|for|type|tabindex|hidden|(aria|data)-[a-z-]+)$/;
  const MOST_KEPT = 2000;
  const FOCUSABLE = "a[href], button, input, [tabindex]";

  const kept = new Map(); // "key sign" -> tree, so that a row that comes back need not travel again.
  let order = [];

  const tbody = () => document.getElementById("queue-rows");

  const setAttribute = (element, name, value) => {
    if (name === "href") {
      if (value.startsWith("/") && !value.startsWith("//")) {
        element.setAttribute("href", value);
      }
    } else if (PLAIN.test(name)) {
      element.setAttribute(name, value);
    }
  };

  const make = (part) => {
    if (!Array.isArray(part)) {
      return document.createTextNode(String(part));
    }
    const [tag, attributes, ...children] = part;
    if (!TAGS.has(tag)) {
      return document.createTextNode("");
    }
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      setAttribute(element, name, String(value));
    }
    element.append(...children.map(make));
    return element;
  };

  const chosen = () => (location.pathname === "/queue" ? new URLSearchParams(location.search).get("c") : null);

  const mark = () => {
    const key = chosen();
    for (const row of tbody()?.children ?? []) {
      const here = key !== null && row.dataset.id === key;
      row.classList.toggle("is-here", here);
      if (here) {
        row.setAttribute("aria-current", "true");
      } else {
        row.removeAttribute("aria-current");
      }
    }
    document.getElementById("queue")?.classList.toggle("has-thread", key !== null);
  };

  /* A row that looks otherwise gets new cells; the row itself stays where it is. */
  const renew = (row, tree) => {
    const focusable = [...row.querySelectorAll(FOCUSABLE)];
    const focused = focusable.indexOf(document.activeElement);
    const fresh = make(tree);
    row.replaceChildren(...fresh.childNodes);
    if (focused >= 0) {
      row.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
    }
  };

  const rowFor = (standing, [key, sign]) => {
    const tree = kept.get(`${key} ${sign}`);
    let row = standing.get(key);
    if (!row) {
      row = make(tree);
    } else if (row.dataset.sign !== sign) {
      renew(row, tree);
    }
    row.dataset.sign = sign;
    row.dataset.rowKey = key;
    return row;
  };

  /* Moving the row that has the focus would lose it: it is given back. */
  const arrange = (place, rows) => {
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(rows);
    [...place.children].filter((row) => !wanted.has(row)).forEach((row) => row.remove());
    rows.forEach((row, at) => {
      if (place.children[at] !== row) {
        place.insertBefore(row, place.children[at] ?? null);
      }
    });
    if (focused?.isConnected && document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    }
  };

  const render = () => {
    const place = tbody();
    if (!place) {
      return;
    }
    const standing = new Map([...place.children].map((row) => [row.dataset.rowKey, row]));
    arrange(place, order.map((pair) => rowFor(standing, pair)));
    mark();
    window.watchroom.tick();
    document.dispatchEvent(new CustomEvent("watchroom:rows"));
  };

  /* Called by Dash with what the server sent; answers what is shown now. A row that is neither kept nor sent (the tab slept
     through an answer) is asked for again: saying that nothing is shown brings everything. */
  const draw = (data, before) => {
    if (!data) {
      return window.dash_clientside.no_update;
    }
    for (const [key, sign] of data.order) {
      if (data.rows[key] !== undefined) {
        kept.delete(`${key} ${sign}`);
        kept.set(`${key} ${sign}`, data.rows[key]);
      }
    }
    if (!data.order.every((pair) => kept.has(pair.join(" ")))) {
      return askAgain(before);
    }
    order = data.order;
    window.watchroom.listFor = location.search;
    while (kept.size > MOST_KEPT) {
      kept.delete(kept.keys().next().value);
    }
    whenThere(render);
    return order;
  };

  const askAgain = (before) => {
    if (before?.length) {
      setTimeout(() => window.dash_clientside.set_props("live-queue", { data: { as_at: new Date().toISOString() } }));
    }
    return [];
  };

  const whenThere = (work, tries = 300) => {
    if (tbody()) {
      work();
    } else if (tries > 0) {
      requestAnimationFrame(() => whenThere(work, tries - 1));
    }
  };

  /* Our links go where Dash's go: the address changes, the page stays. */
  const onClick = (event) => {
    const link = event.target instanceof Element ? event.target.closest("#queue-rows a[href]") : null;
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    history.pushState({}, "", link.getAttribute("href"));
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  };

  window.watchroom = Object.assign(window.watchroom || {}, { make });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.queue = Object.assign(window.dash_clientside.queue || {}, { draw });
  document.addEventListener("click", onClick);
  addEventListener("_dashprivate_pushstate", mark);
  addEventListener("popstate", mark);
  /* The page may be made anew around us, with an empty list. */
  new MutationObserver(() => {
    const place = tbody();
    if (place && order.length && !place.children.length) {
      render();
    }
  }).observe(document.body ?? document.documentElement, { childList: true, subtree: true });
})();
