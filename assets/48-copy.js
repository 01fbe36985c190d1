/* Copies a text of the page as plain text: a button marked data-copy names the element that holds it. Where the browser keeps
its clipboard from pages that came without encryption, the text is selected and copied the old way. */
(() => {
  "use strict";

  const say = (words) => window.dash_clientside.set_props("notice", { children: words });

  const selectAndCopy = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.className = "visually-hidden";
    document.body.append(field);
    const before = document.activeElement;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return selectAndCopy(text);
    }
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-copy]") : null;
    const from = button && document.getElementById(button.dataset.copy);
    if (from) {
      const done = await copy(from.textContent);
      say(done ? "Copied as plain text." : "Your browser keeps this page from its clipboard: select the text and copy it by hand.");
    }
  });
})();
