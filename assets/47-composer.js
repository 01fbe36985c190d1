/* Writing a reply. While somebody types, the server is asked how long it is and what gives pause, a moment after each pause;
it counts as it will when the reply is sent, so that the meter never promises what is then refused. A longer pause keeps the
draft there. Until the server says that it has it, this browser keeps the words too, for the person who is signed in.

Ctrl+Enter sends, Ctrl+. offers the templates; data-left="<instant>" counts down to it. */
(() => {
  "use strict";

  const LOOK = 150; // Milliseconds without a key until the server is asked.
  const KEEP = 1000; // And until the draft is kept.
  const TYPED = "composer-typed";

  let number = 0;
  let looking = 0;
  let keeping = 0;
  let sentFrom = null;
  let backTo = null;
  let emptied = false;
  let undoing = null;

  const composer = () => document.querySelector("[data-composer]");
  const area = () => composer()?.querySelector("textarea") ?? null;
  const nameOf = (home) => `watchroom draft ${home.dataset.person} ${home.dataset.composer}`;

  /* Stores may be forbidden or full; then the server alone keeps the draft. */
  const store = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null;
    }
  };

  const ask = (keep) => {
    number += 1;
    window.dash_clientside.set_props(TYPED, { data: { number, keep } });
  };

  const later = () => {
    clearTimeout(looking);
    clearTimeout(keeping);
    looking = setTimeout(() => ask(false), LOOK);
    keeping = setTimeout(() => ask(true), KEEP);
  };

  const typed = ({ target }) => {
    const home = target instanceof HTMLTextAreaElement && target.closest("[data-composer]");
    if (home) {
      store((kept) => kept.setItem(nameOf(home), JSON.stringify({ text: target.value, number: number + 1 })));
      later();
    }
  };

  /* React hears of a value only through the setter it replaced. */
  const write = (field, text) => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /* What this browser still holds, the server never had: its answer takes it away (below). */
  const restore = (home) => {
    const field = home.querySelector("textarea");
    const found = store((kept) => JSON.parse(kept.getItem(nameOf(home)) ?? "null"));
    if (found?.text && found.text !== field.value) {
      write(field, found.text);
    } else if (field.value) {
      ask(false);
    }
  };

  const forgetKept = () => {
    const home = composer();
    const kept = Number(document.getElementById("composer-kept")?.dataset.number ?? 0);
    const found = home && store((all) => JSON.parse(all.getItem(nameOf(home)) ?? "null"));
    if (found && kept && kept >= found.number) {
      store((all) => all.removeItem(nameOf(home)));
    }
  };

  const choose = (text) => {
    const field = area();
    if (!field || field.readOnly) {
      return;
    }
    const before = field.value.slice(0, field.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    const at = before.length + gap.length + text.length;
    write(field, before + gap + text + field.value.slice(field.selectionEnd));
    closeTemplates();
    field.focus();
    field.setSelectionRange(at, at);
  };

  const templates = () => document.getElementById("composer-templates");

  const closeTemplates = () => {
    if (templates()?.childElementCount) {
      window.dash_clientside.set_props("composer-templates", { children: [] });
    }
  };

  const offered = () => [...templates().querySelectorAll(".template")].filter((one) => !one.disabled && !one.closest("li").hidden);

  const filter = (words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of templates().querySelectorAll("li")) {
      row.hidden = !wanted.every((word) => row.textContent.toLowerCase().includes(word));
    }
  };

  const step = (by) => {
    const all = offered();
    const here = all.indexOf(document.activeElement);
    (all[here + by] ?? document.getElementById("composer-filter"))?.focus();
  };

  const inTemplates = (event) => {
    if (event.key === "Escape") {
      closeTemplates();
      area()?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.id === "composer-filter") {
      const first = offered()[0];
      if (first) {
        choose(first.dataset.template);
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onKey = (event) => {
    const within = event.target instanceof Element ? event.target : null;
    if (within?.closest("#composer-templates")) {
      inTemplates(event);
    } else if (event.ctrlKey && event.key === "." && composer()) {
      event.preventDefault();
      document.getElementById("composer-templates-open").click();
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && within?.closest("[data-composer]")) {
      event.preventDefault();
      clearTimeout(looking);
      composer().querySelector(".composer-foot .button-first").click();
    }
  };

  const onClick = ({ target }) => {
    const found = target instanceof Element ? target : null;
    const template = found?.closest("[data-template]");
    if (template) {
      choose(template.dataset.template);
    } else if (found?.closest("[data-back]")) {
      backTo = { before: area()?.value ?? "" };
    } else if (found?.closest(".composer-foot .button-first")) {
      sentFrom = area()?.value ? composer().dataset.composer : null;
    }
  };

  /* Handed in: the words are gone from here, and the way to take them back has the focus, unless its author moved on. */
  const handedIn = (home) => {
    const field = home.querySelector("textarea");
    if (sentFrom !== home.dataset.composer || field.value) {
      return;
    }
    clearTimeout(keeping);
    store((kept) => kept.removeItem(nameOf(home)));
    if (document.getElementById("composer-meter")?.childElementCount && !emptied) {
      emptied = true;
      ask(false);
    }
    const undo = document.querySelector("[data-undo]");
    const still = home.contains(document.activeElement) || document.activeElement === document.body;
    if (undo) {
      sentFrom = null;
      emptied = false;
      if (still) {
        undoing = undo;
        undo.focus();
      }
    }
  };

  /* The way to take it back goes when it is sent, or is drawn again: the focus stays by the reply, and never falls on a control
     of the composer that a key would then change. */
  const undone = () => {
    if (!undoing || undoing.isConnected) {
      return;
    }
    const again = document.querySelector("[data-undo]");
    undoing = again;
    (again ?? document.querySelector("[data-thread]"))?.focus({ preventScroll: true });
  };

  /* Taken back, or to be changed: the words are here again, and so is their author. */
  const takenBack = (home) => {
    const field = home.querySelector("textarea");
    if (backTo && field.value && field.value !== backTo.before) {
      backTo = null;
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
  };

  const look = () => {
    const home = composer();
    if (home && !home.dataset.met) {
      home.dataset.met = "true";
      restore(home);
    }
    if (home) {
      forgetKept();
      undone();
      handedIn(home);
      takenBack(home);
    }
    const field = document.getElementById("composer-filter");
    if (field && !field.dataset.met) {
      field.dataset.met = "true";
      field.focus();
    }
  };

  const tick = () => {
    const { say, now, write: put } = window.watchroom;
    for (const element of document.querySelectorAll("[data-left]")) {
      put(element, say.shortAge(Date.parse(element.dataset.left) - now()));
    }
  };

  document.addEventListener("input", (event) => {
    typed(event);
    if (event.target.id === "composer-filter") {
      filter(event.target.value);
    }
  });
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    undoing = target === undoing && relatedTarget ? null : undoing;
  });
  document.addEventListener("click", onClick);
  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-number"] };
  new MutationObserver(look).observe(document.body ?? document.documentElement, watched);
  setInterval(tick, 1000);
})();
