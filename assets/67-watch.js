/* Proof of watch: a visible queue says that it is open, which accounts its filter shows, and how long ago somebody did
something on the page. An open tab alone is no watch: the server counts from the last act. */
(() => {
  "use strict";

  const LOOK = 1000;
  const EVERY = 15000;
  const ACTS = ["keydown", "pointerdown", "pointermove", "wheel", "input"];

  const page = [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

  let acted = Date.now();
  let told = null; // The workspace and the filters that the server knows of.
  let last = 0;

  const token = () => document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/)?.[1] ?? "";

  const open = () => {
    const query = new URLSearchParams(location.search);
    const workspace = query.get("workspace");
    const isQueue = location.pathname === "/queue" && !query.has("at") && !document.hidden;
    query.delete("c");
    return isQueue && workspace ? { workspace, search: `?${query}` } : null;
  };

  const send = (workspace, body, keepalive = false) =>
    fetch(`/watch?workspace=${encodeURIComponent(workspace)}`, {
      method: "POST",
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ page, ...body }),
    }).catch(() => undefined); // The server is away: the banner says so.

  const leave = () => {
    if (told) {
      send(told.workspace, {}, true);
      told = null;
    }
  };

  const tick = () => {
    const here = open();
    if (!here || (told && told.workspace !== here.workspace)) {
      leave();
    }
    const isNews = here && here.search !== told?.search;
    const cameBack = acted > last && last - tick.actedThen > 60000; // Somebody is back at a queue that was left alone.
    if (here && (isNews || cameBack || Date.now() - last >= EVERY)) {
      told = here;
      last = Date.now();
      tick.actedThen = acted;
      send(here.workspace, { search: here.search, idle: Math.floor((Date.now() - acted) / 1000) });
    }
  };
  tick.actedThen = acted;

  const onAct = (event) => {
    if (event.isTrusted) {
      acted = Date.now();
    }
  };

  ACTS.forEach((name) => document.addEventListener(name, onAct, { capture: true, passive: true }));
  document.addEventListener("visibilitychange", tick);
  addEventListener("pagehide", leave);
  setInterval(tick, LOOK);
})();
