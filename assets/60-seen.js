/* Tells the server which messages this page has shown to somebody: those at least half in view while the page is visible.
At most one report every five seconds; each message once. */
(() => {
  "use strict";

  const LOOK = 1000;
  const EVERY = 5000;
  const MOST = 200;
  const told = new Set();
  const shown = new Set();

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && !document.hidden) {
          shown.add(Number(target.dataset.message));
        }
      }
    },
    { threshold: 0.5 },
  );

  const watch = () => {
    for (const element of document.querySelectorAll("[data-message]:not([data-watched])")) {
      element.dataset.watched = "true";
      watcher.observe(element);
    }
  };

  const token = () => document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/)?.[1] ?? "";

  const report = async () => {
    const messages = [...shown].filter((key) => !told.has(key)).slice(0, MOST);
    const workspace = new URLSearchParams(location.search).get("workspace");
    if (document.hidden || !messages.length || !workspace) {
      return;
    }
    try {
      const answer = await fetch(`/seen?workspace=${encodeURIComponent(workspace)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ messages }),
      });
      if (answer.ok) {
        messages.forEach((key) => told.add(key));
      }
    } catch {
      // The server is away: the banner says so, and the next report brings these again.
    }
  };

  setInterval(watch, LOOK);
  setInterval(report, EVERY);
})();
