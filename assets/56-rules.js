/* Workflow rules: a rule is dragged to its place, or moved by Alt+Up and Alt+Down; what a form says is checked while
somebody writes; and the focus stays on the rule whose button was pressed, also where the list is drawn again. */
(() => {
  "use strict";

  const STORE = "admin-act";
  const LIST = "admin-rules-list";
  const PAUSE = 400; // After the last key of a burst.

  const ASKS = 700; // Between two questions about a trial.
  let asking = 0;
  let count = 0;
  let waiting = 0;
  let dragged = null;
  let focus = null;

  const send = (act, of, fields) =>
    window.dash_clientside.set_props(STORE, { data: { act, of, fields, count: `rules ${++count}` } });

  const list = () => document.getElementById(LIST);
  const names = () => [...(list()?.querySelectorAll("[data-rule]") ?? [])];
  const nameOf = (target) => target.closest?.("tr")?.querySelector("[data-rule]") ?? null;

  const move = (rule, place) => send("rules.move", rule, { place });

  const valuesOf = (form) => {
    const found = {};
    for (const field of form.querySelectorAll("input, select, textarea")) {
      if (field.id.includes("--")) {
        found[field.id.split("--").pop()] = field.type === "checkbox" ? field.checked : field.value;
      }
    }
    return found;
  };

  const onEdit = ({ target }) => {
    const part = target.closest?.("[data-checks]");
    if (!part) {
      return;
    }
    const form = part.closest("[data-form]");
    clearTimeout(waiting);
    waiting = setTimeout(() => send(part.dataset.checks, form.dataset.of, valuesOf(form)), PAUSE);
  };

  const onKey = (event) => {
    if (event.key === "Enter") {
      clearTimeout(waiting); // It saves: that says what is wrong too.
    }
    const name = event.altKey && list()?.contains(event.target) ? nameOf(event.target) : null;
    if (name && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const place = names().indexOf(name) + 1 + (event.key === "ArrowUp" ? -1 : 1);
      focus = `[data-rule="${name.dataset.rule}"] a`;
      move(name.dataset.rule, place);
    }
  };

  const onPress = ({ target }) => {
    const button = target.closest?.("[data-act]");
    clearTimeout(waiting);
    if (button && list()?.contains(button)) {
      const label = button.getAttribute("aria-label").split(" ")[0];
      const last = button.getAttribute("aria-label").split(" ").pop();
      focus = `[data-of="${button.dataset.of}"][aria-label^="${label} "]`;
      focus += label === "Move" ? `[aria-label$=" ${last}"]` : "";
    }
  };

  const look = () => {
    if (focus && list()?.contains(document.activeElement)) {
      const found = list().querySelector(focus);
      if (found && found !== document.activeElement) {
        found.focus();
        focus = null;
      }
    }
  };

  /* A trial under way is asked how far it is until it has ended. */
  const again = () => {
    const act = document.querySelector("[data-again]")?.dataset.again;
    if (act) {
      send(act, "", {});
    } else {
      clearInterval(asking);
      asking = 0;
    }
  };

  const follow = () => {
    if (!asking && document.querySelector("[data-again]")) {
      asking = setInterval(again, ASKS);
    }
  };

  const clear = () => document.querySelectorAll(".is-over").forEach((row) => row.classList.remove("is-over"));

  document.addEventListener("input", onEdit);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onPress, true);
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-rule]")?.dataset.rule ?? null;
    event.dataTransfer?.setData("text/plain", dragged ?? "");
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && list()?.contains(event.target) ? event.target.closest("tbody tr") : null;
    if (row) {
      event.preventDefault();
      clear();
      row.classList.add("is-over");
    }
  });
  document.addEventListener("drop", (event) => {
    const name = dragged && list()?.contains(event.target) ? nameOf(event.target) : null;
    if (name) {
      event.preventDefault();
      move(dragged, names().indexOf(name) + 1);
    }
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });
  new MutationObserver(() => {
    look();
    follow();
  }).observe(document.body ?? document.documentElement, { childList: true, subtree: true });
})();
