/* A notice that offers to undo goes by itself after a minute, unless somebody is at it: Z must not take back what was done
long ago. Any other stays until the next one, for whoever reads slowly. */
(() => {
  "use strict";

  const UNDOABLE = 60000;
  const AGAIN = 5000;
  let going = 0;

  const place = () => document.getElementById("notice");

  const isBusy = (notice) => notice.matches(":hover") || notice.contains(document.activeElement);

  const clear = () => {
    const notice = place();
    if (notice && isBusy(notice)) {
      going = setTimeout(clear, AGAIN);
    } else if (notice) {
      window.dash_clientside.set_props("notice", { children: "" });
    }
  };

  const look = (changes) => {
    const notice = place();
    if (notice && changes.some(({ target }) => notice.contains(target))) {
      clearTimeout(going);
      const undo = notice.querySelector(".button-undo");
      going = notice.childNodes.length && undo ? setTimeout(clear, UNDOABLE) : 0;
    }
  };

  const watch = { childList: true, characterData: true, subtree: true };
  new MutationObserver(look).observe(document.body ?? document.documentElement, watch);
})();
