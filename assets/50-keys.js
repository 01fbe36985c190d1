/* Single keys for people whose hands are on the keyboard. Each key only presses a button or follows a link that is on the
page anyway, marked data-key="c" (or "g q" for two keys in a row); rows that j and k move between are marked data-row.

Off while typing, while a modifier is held, and where somebody has turned them off (data-single-keys="off"): with speech
input, a spoken word would otherwise press half the page (WCAG 2.1.4). */
(() => {
  "use strict";

  const FIELDS = "input, textarea, select";
  const FOLLOWS = 1200; // How long "g" waits for its second key.
  const OPENS = "a, button, [tabindex]:not([tabindex='-1'])"; // What is out of the order of Tab opens no row.
  let prefix = "";
  let first = { pressed: 0, heard: 0 };

  /* A busy page hears of keys late, of both or of one: by either clock the second may follow the first. */
  const follows = (event) =>
    Math.min(event.timeStamp - first.pressed, performance.now() - first.heard) < FOLLOWS;

  const isOff = () => document.querySelector('[data-single-keys="off"]') !== null;

  const isTyping = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));

  /* What stands behind "More" has its key all the same. */
  const isUsable = (element) =>
    !element.disabled && (element.getClientRects().length > 0 || element.closest(".more") !== null);

  const hasFocus = (element) => Boolean(element.closest("[data-row]")?.contains(document.activeElement));

  const weight = (element) => 2 * Boolean(element.closest("[data-form]")) + hasFocus(element);

  /* An open form's keys come before those of what it stands in, and those of the row that has the focus before others'. */
  const find = (keys) =>
    [...document.querySelectorAll("[data-key]")]
      .sort((one, other) => weight(other) - weight(one))
      .find((element) => element.dataset.key === keys && isUsable(element));

  const press = (element) => {
    const field = element.matches(FIELDS) ? element : element.querySelector(FIELDS);
    if (field) {
      field.focus();
      field.select?.();
    } else {
      (element.querySelector("a, button") ?? element).click(); // Dash's links carry no data-*: the mark is around them.
    }
  };

  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")].filter(isUsable);
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const chosen = rows.findIndex((row) => row.matches('[aria-current="true"], [aria-selected="true"]'));
    const from = here >= 0 ? here : chosen;
    const next = rows[from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1)];
    const target = next?.matches(OPENS) ? next : next?.querySelector(OPENS);
    target?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };

  const leave = (element) => {
    if (isTyping(element)) {
      element.blur();
      return true;
    }
    return false;
  };

  const act = (keys) => {
    if (keys === "j" || keys === "k") {
      return move(keys === "j" ? 1 : -1);
    }
    const found = find(keys);
    if (found) {
      press(found);
    }
    return Boolean(found);
  };

  const beginsSomething = (key) =>
    [...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key.startsWith(`${key} `));

  const onKey = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) {
        return; // The browser closes it.
      }
      if (!leave(event.target)) {
        act("Escape");
      }
      return;
    }
    if (isTyping(event.target) || isOff() || document.querySelector("dialog[open]")) {
      return;
    }
    const keys = prefix && follows(event) ? `${prefix} ${event.key}` : event.key;
    prefix = "";
    if (act(keys)) {
      event.preventDefault();
    } else if (beginsSomething(event.key)) {
      prefix = event.key;
      first = { pressed: event.timeStamp, heard: performance.now() };
    }
  };

  document.addEventListener("keydown", onKey);
})();
