/* A button marked data-print prints the page; what is not for paper is left out by the style sheet. Paper is light, whatever
the theme of the screen. */
(() => {
  "use strict";

  const root = document.documentElement;
  let theme = null;

  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });

  addEventListener("afterprint", () => {
    root.dataset.theme = theme ?? root.dataset.theme;
    theme = null;
  });

  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-print]")) {
      window.print();
    }
  });
})();
