/* Forms of a conversation's panel: focus goes into one that opens, and back to where it was when it closes. Esc and Cancel
close it here at once, also when the server is away; Ctrl+Enter does what it is for. */
(() => {
  "use strict";

  const FIELDS = "select, textarea, input:not([type=hidden])";
  let open = null;
  let left = () => null;

  const place = () => document.getElementById("panel-form");
  const shown = () => place()?.querySelector("[data-form]") ?? null;

  const close = () => window.dash_clientside.set_props("panel-form", { children: [] });

  /* The button that opens this form, in case what had the focus before is gone. */
  const opener = (name) => document.querySelector(`[id*='"form":"${CSS.escape(name)}"']`);

  /* Where the focus was. A row of the list may be drawn again meanwhile: it is found by its conversation. */
  const placeOf = (element) => {
    const id = element.closest("[data-row]")?.dataset.id;
    const there = id && `[data-row][data-id="${CSS.escape(id)}"] a`;
    return () => (there ? document.querySelector(there) : element.isConnected && element !== document.body && element);
  };

  const began = (form) => {
    if (!open) {
      left = placeOf(document.activeElement ?? document.body);
    }
    open = form;
    document.querySelectorAll(".more[open]").forEach((more) => more.removeAttribute("open"));
    (form.querySelector(FIELDS) ?? form).focus();
    form.scrollIntoView({ block: "nearest" });
  };

  const ended = () => {
    const name = open.dataset.form;
    open = null;
    if (document.activeElement === document.body || document.activeElement === null) {
      (left() || opener(name))?.focus({ preventScroll: true });
    }
  };

  const look = () => {
    const form = shown();
    if (form && form !== open) {
      began(form);
    } else if (!form && open) {
      ended();
    }
  };

  const onClick = ({ target }) => {
    if (target instanceof Element && target.closest("[data-cancel]")) {
      close();
    }
  };

  /* Esc first leaves a field, so that a slip loses no words; once more, and the form closes. */
  const onKey = (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-form]") : null;
    if (!form) {
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("button[id$='-submit']")?.click();
    } else if (event.key === "Escape" && event.target.matches("textarea, input") && event.target.value) {
      event.preventDefault();
      form.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  };

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey, true);
  new MutationObserver(look).observe(document.body ?? document.documentElement, { childList: true, subtree: true });
})();
