/* A button marked data-print prints the page; what is not for paper is left out by the style sheet. */
document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-print]")) {
    window.print();
  }
});
