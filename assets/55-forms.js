/* Forms of administration: a button marked data-act, or Enter in a field of its form, hands what the form holds to the
page's one callback, by the store that the page names in data-acts. A field's id ends in the name that its value is sent under. */
(() => {
  "use strict";

  const TWICE = 600; // A second press within this time is a double click.

  let count = 0;
  let last = null;
  let at = 0;

  const valuesOf = (form) => {
    const found = {};
    for (const field of form?.querySelectorAll("input, select, textarea") ?? []) {
      const name = field.id.split("--").pop();
      if (field.id.includes("--")) {
        found[name] = field.type === "checkbox" ? field.checked : field.value;
      }
    }
    return found;
  };

  const press = (button) => {
    const now = performance.now();
    const store = document.querySelector("[data-acts]")?.dataset.acts;
    if (!store || (button === last && now - at < TWICE)) {
      return;
    }
    [last, at] = [button, now];
    const { act, of, fields, sends } = button.dataset;
    const form = sends ? button.closest("[data-form]") : null;
    const data = { act, of: of || "", fields: { ...valuesOf(form), ...JSON.parse(fields || "{}") }, count: ++count };
    window.dash_clientside.set_props(store, { data });
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-act]");
    if (button) {
      press(button);
    }
    if (target.id === "reveal--value") {
      target.select();
    }
  });

  document.addEventListener("keydown", (event) => {
    const isField = event.target.matches("input:not([type=checkbox]), select");
    const button = event.key === "Enter" && isField && event.target.closest("[data-form]")?.querySelector("[data-sends]");
    if (button) {
      event.preventDefault();
      press(button);
    }
  });
})();
