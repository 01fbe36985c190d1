/* Dash builds a region anew, element by element, whenever a callback answers for it. What a person was doing there stays:
where the focus was, how far a thread was read, what was unfolded. It is put back before the new region is painted. */
(() => {
  "use strict";

  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const END = 4; // Pixels: a thread this close to its end is at its end, and stays there when something is added.

  let left = null;
  const unfolded = new Set();
  const read = new Map();

  /* The place of an element, in words that hold for the element drawn in its stead. */
  const placeOf = (element) => {
    const row = element.closest("[data-row]");
    const region = row || element.closest("section[id], aside[id], main[id]");
    const home = row ? `[data-row][data-id="${CSS.escape(row.dataset.id)}"]` : region && `#${CSS.escape(region.id)}`;
    const ofForm = element.closest("[data-form]") !== null;
    return { element, ofForm, home, id: element.id, index: region ? [...region.querySelectorAll(FOCUSABLE)].indexOf(element) : -1 };
  };

  const find = ({ home, id, index }) => {
    const region = home && document.querySelector(home);
    const all = region ? [...region.querySelectorAll(FOCUSABLE)] : [];
    return (id && document.getElementById(id)) || all[Math.min(index, all.length - 1)];
  };

  /* A form that closes gives the focus back itself (46-forms.js). */
  const putFocusBack = () => {
    if (left?.ofForm) {
      return;
    }
    if (left && !left.element.isConnected && document.activeElement === document.body) {
      find(left)?.focus({ preventScroll: true });
    }
  };

  const nameOf = (details) => {
    const message = details.closest("[data-message], [data-note]");
    const key = message && (message.dataset.message ?? `note ${message.dataset.note}`);
    return key && `${location.pathname}${new URLSearchParams(location.search).get("c")} ${key}`;
  };

  const putUnfoldedBack = () => {
    for (const details of document.querySelectorAll(":is([data-message], [data-note]) details:not([open])")) {
      if (!details.dataset.kept) {
        details.dataset.kept = "true";
        details.open = unfolded.has(nameOf(details));
      }
    }
  };

  /* A thread opens at its newest message, and stays where its reader went. */
  const putScrollBack = () => {
    for (const thread of document.querySelectorAll("[data-thread]:not([data-kept])")) {
      thread.dataset.kept = "true";
      const at = read.get(thread.dataset.thread);
      thread.scrollTop = at === undefined ? thread.scrollHeight : at;
    }
  };

  const noteScroll = ({ target }) => {
    if (target instanceof Element && target.dataset.thread) {
      const atEnd = target.scrollHeight - target.clientHeight - target.scrollTop < END;
      read.set(target.dataset.thread, atEnd ? undefined : target.scrollTop);
    }
  };

  const noteFolding = ({ target }) => {
    const name = target instanceof HTMLDetailsElement && target.isConnected && nameOf(target);
    if (name) {
      unfolded[target.open ? "add" : "delete"](name);
    }
  };

  const putBack = () => {
    putUnfoldedBack();
    putScrollBack();
    putFocusBack();
  };

  document.addEventListener("focusin", ({ target }) => {
    left = placeOf(target);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    left = target.closest(FOCUSABLE) ? left : null;
  });
  document.addEventListener("scroll", noteScroll, true);
  document.addEventListener("toggle", noteFolding, true);
  new MutationObserver(putBack).observe(document.body ?? document.documentElement, { childList: true, subtree: true });
})();
