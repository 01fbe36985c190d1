/* Long tables that only stand there, drawn from what layouts/components/still.py wrote in data-rows. Text is only ever text. */
(() => {
  "use strict";

  const FOCUSABLE = "a[href], button, input, [tabindex]";
  const drawn = new WeakMap(); // The body of a table -> what it was drawn from.

  const fill = (body) => {
    const focused = [...body.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    const rows = JSON.parse(body.dataset.rows).map(window.watchroom.make);
    rows.forEach((row) => {
      row.dataset.still = "";
    });
    body.replaceChildren(...rows);
    drawn.set(body, body.dataset.rows);
    if (focused >= 0) {
      body.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
    }
    window.watchroom.tick();
  };

  const look = (changes) => {
    for (const { target, type, addedNodes } of changes) {
      const bodies = type === "attributes" ? [target] : [...addedNodes].flatMap(within);
      bodies.filter((body) => body.dataset.rows !== undefined && drawn.get(body) !== body.dataset.rows).forEach(fill);
    }
  };

  const within = (node) =>
    node instanceof Element ? [...(node.matches("[data-rows]") ? [node] : []), ...node.querySelectorAll("[data-rows]")] : [];

  /* A table that became short is Dash's to draw again: what stands in it of ours goes before. */
  const giveBack = (changes) => {
    for (const { target } of changes.filter(({ type }) => type === "attributes")) {
      if (target.dataset.rows === undefined && drawn.has(target)) {
        drawn.delete(target);
        [...target.children].filter((row) => row.dataset.still !== undefined).forEach((row) => row.remove());
      }
    }
  };

  /* Our links go where Dash's go: the address changes, the page stays. */
  const onClick = (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-rows] a[data-link]") : null;
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    history.pushState({}, "", link.getAttribute("href"));
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    scrollTo(0, 0);
  };

  document.addEventListener("click", onClick);
  new MutationObserver((changes) => {
    giveBack(changes);
    look(changes);
  }).observe(document.body ?? document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-rows"] });
})();
