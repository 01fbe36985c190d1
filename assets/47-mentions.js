/* In a note, @ offers colleagues: arrows choose, Enter or Tab takes, Escape leaves. The list stands in the page, hidden, with
everybody who may read here; this only shows what fits. The field keeps the focus, and says which name is chosen. */
(() => {
  "use strict";

  const MOST = 8;
  const BEGUN = /(?:^|[^\w@.])@([^\s@]{0,40})$/u;
  const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;

  const partsOf = (target) => {
    const place = target instanceof HTMLTextAreaElement ? target.closest("[data-mentions]") : null;
    return place && { area: target, list: place.querySelector("[role=listbox]") };
  };

  const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /* What stands between the last @ and the caret. */
  const begun = (area) => {
    const found = area.selectionStart === area.selectionEnd && area.value.slice(0, area.selectionStart).match(BEGUN);
    return found ? found[1] : null;
  };

  const shown = (list) => [...list.children].filter((one) => !one.hidden);

  const choose = ({ area, list }, one) => {
    for (const other of list.children) {
      other.setAttribute("aria-selected", String(other === one));
    }
    if (one) {
      area.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    } else {
      area.removeAttribute("aria-activedescendant");
    }
  };

  const close = (parts) => {
    parts.list.hidden = true;
    choose(parts, null);
  };

  const offer = (parts) => {
    const sought = begun(parts.area);
    parts.area.setAttribute("aria-autocomplete", "list");
    parts.area.setAttribute("aria-controls", parts.list.id);
    let left = MOST;
    for (const one of parts.list.children) {
      const words = plain(one.textContent).split(/[\s@]+/);
      const fits = sought !== null && left > 0 && words.some((word) => word.startsWith(plain(sought)));
      one.hidden = !fits;
      left -= fits ? 1 : 0;
    }
    const some = shown(parts.list);
    parts.list.hidden = some.length === 0;
    choose(parts, some[0] ?? null);
  };

  const take = (parts, one) => {
    const { area } = parts;
    const at = area.selectionStart - begun(area).length;
    const after = area.value.slice(area.selectionStart);
    const name = `${one.dataset.signIn}${after.startsWith(" ") ? "" : " "}`;
    setValue.call(area, area.value.slice(0, at) + name + after);
    area.setSelectionRange(at + name.length, at + name.length);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close(parts);
  };

  const onKey = (event) => {
    const parts = partsOf(event.target);
    if (!parts || parts.list.hidden || event.isComposing) {
      return;
    }
    const some = shown(parts.list);
    const here = some.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose(parts, some[(here + (event.key === "ArrowDown" ? 1 : some.length - 1)) % some.length]);
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || (event.key === "Tab" && !event.shiftKey)) {
      take(parts, some[here]);
    } else if (event.key === "Escape") {
      close(parts);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onPress = (event) => {
    const one = event.target instanceof Element ? event.target.closest("[data-mentions] [role=option]") : null;
    const area = one?.closest("[data-mentions]").querySelector("textarea");
    if (area) {
      event.preventDefault(); // the field keeps the focus
      take(partsOf(area), one);
    }
  };

  const onInput = ({ target }) => {
    const parts = partsOf(target);
    if (parts) {
      offer(parts);
    }
  };

  const onLeave = ({ target }) => {
    const parts = partsOf(target);
    if (parts) {
      close(parts);
    }
  };

  addEventListener("keydown", onKey, true);
  document.addEventListener("input", onInput);
  document.addEventListener("pointerdown", onPress);
  document.addEventListener("focusout", onLeave);
})();
