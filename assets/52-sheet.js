/* The sheet of keys is a dialog of the browser's own: it holds the focus, Esc closes it, and the focus goes back. */
(() => {
  "use strict";

  const sheet = () => document.getElementById("keys-sheet");

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) {
      return;
    }
    if (target.closest("#keys-open")) {
      sheet()?.showModal();
    } else if (target.closest("[data-close]") || target === sheet()) {
      sheet()?.close();
    }
  });
})();
