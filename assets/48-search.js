/* The search: what is typed goes into the address once the hand rests, in place of what stood there, and the page follows
the address. Dash answers for the newest address only, so that results never come out of order. */
(() => {
  "use strict";

  const RESTS = 180; // Milliseconds without a key.
  const FIELD = "queue-search";
  let waiting = 0;

  const field = () => document.getElementById(FIELD);

  const asked = () => new URLSearchParams(location.search).get("q") ?? "";

  const go = (words) => {
    if (location.pathname !== "/queue" || words === asked()) {
      return;
    }
    const query = new URLSearchParams(location.search);
    query.delete("page");
    if (words.trim()) {
      query.set("q", words);
    } else {
      query.delete("q");
    }
    history.replaceState({}, "", `${location.pathname}?${query}`);
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  };

  const onInput = ({ target }) => {
    if (target.id === FIELD) {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        waiting = 0;
        go(target.value);
      }, RESTS);
    }
  };

  const onKey = (event) => {
    if (event.target.id !== FIELD) {
      return;
    }
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      if (waiting) {
        clearTimeout(waiting);
        waiting = 0;
        go(event.target.value);
      }
      document.querySelector("#queue-rows [data-row] a")?.focus();
    }
  };

  /* A link or the back button changed the address: the field says what it says, but never under somebody who types. */
  const follow = () => {
    const found = field();
    if (found && !waiting && found.value !== asked() && document.activeElement !== found) {
      window.dash_clientside.set_props(FIELD, { value: asked() });
    }
  };

  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  addEventListener("_dashprivate_pushstate", () => setTimeout(follow));
  addEventListener("popstate", () => setTimeout(follow));
})();
