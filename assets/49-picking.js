/* Choosing rows of the queue for an act on many: by their boxes, with Shift for a stretch, or by v and Shift+V. What is
chosen stays chosen while rows are drawn again, and is given up with another view. */
(() => {
  "use strict";

  const STORE = "queue-picked";
  const picked = new Set();
  let last = null;

  const rows = () => [...document.querySelectorAll("#queue-rows [data-row]")];

  const isOff = () => document.querySelector('[data-single-keys="off"]') !== null;

  const tick = () => {
    for (const box of document.querySelectorAll("#queue-rows [data-pick]")) {
      let field = box.querySelector("input");
      if (!field) {
        field = document.createElement("input");
        field.type = "checkbox";
        field.className = "form-check-input";
        field.setAttribute("aria-label", box.title);
        box.append(field);
      }
      field.tabIndex = isOff() ? 0 : -1; // v does it by key, and Tab then goes from row to row.
      field.checked = picked.has(box.dataset.pick);
      box.closest("[data-row]").classList.toggle("is-picked", field.checked);
    }
  };

  const tell = () => {
    window.dash_clientside.set_props(STORE, { data: [...picked] });
    tick();
  };

  const toggle = (row, stretch) => {
    const all = rows();
    const from = all.findIndex((one) => one.dataset.id === last);
    const at = all.indexOf(row);
    if (stretch && from >= 0) {
      all.slice(Math.min(from, at), Math.max(from, at) + 1).forEach((one) => picked.add(one.dataset.id));
    } else if (!picked.delete(row.dataset.id)) {
      picked.add(row.dataset.id);
    }
    last = row.dataset.id;
    tell();
  };

  /* Called by Dash when the store changed: after an act only what was left is still chosen. */
  const hear = (data) => {
    const said = new Set(data ?? []);
    if (said.size !== picked.size || [...said].some((key) => !picked.has(key))) {
      picked.clear();
      said.forEach((key) => picked.add(String(key)));
      tick();
    }
    const count = picked.size;
    return [count === 0, `${count} chosen`];
  };

  const onClick = (event) => {
    const box = event.target instanceof Element ? event.target.closest("#queue-rows [data-pick]") : null;
    if (box) {
      event.preventDefault();
      event.stopPropagation();
      toggle(box.closest("[data-row]"), event.shiftKey);
      setTimeout(tick); // The browser undoes a tick that was prevented after us.
    } else if (event.target instanceof Element && event.target.closest("#many-none")) {
      picked.clear();
      tell();
    }
  };

  const isTyping = (element) => element.matches?.("textarea, select, input:not([type=checkbox])") || element.isContentEditable;

  const onKey = (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.defaultPrevented;
    if (!plain || event.key.toLowerCase() !== "v" || isOff() || isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const row = event.target.closest?.("#queue-rows [data-row]") ?? document.querySelector("#queue-rows .is-here");
    if (row?.querySelector("[data-pick]")) {
      event.preventDefault();
      toggle(row, event.shiftKey || event.key === "V");
    }
  };

  let view = "";

  const onAddress = () => {
    const query = new URLSearchParams(location.search);
    query.delete("c");
    if (view && view !== query.toString() && picked.size) {
      picked.clear();
      tell();
    }
    view = query.toString();
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.queue = Object.assign(window.dash_clientside.queue || {}, { picked: hear });
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("watchroom:rows", tick);
  addEventListener("_dashprivate_pushstate", onAddress);
  addEventListener("popstate", onAddress);
  addEventListener("load", onAddress);
})();
