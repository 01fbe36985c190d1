/* Tells the server which messages and notes this page has shown to somebody: those at least half in view while the page is visible.
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
          shown.add(target.dataset.message ? `messages ${target.dataset.message}` : `notes ${target.dataset.note}`);
        }
      }
    },
    { threshold: 0.5 },
  );

  const watch = () => {
    for (const element of document.querySelectorAll(":is([data-message], [data-note]):not([data-watched])")) {
      element.dataset.watched = "true";
      watcher.observe(element);
    }
  };

  const token = () => document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/)?.[1] ?? "";

  const keysOf = (kind, names) => names.filter((name) => name.startsWith(`${kind} `)).map((name) => Number(name.slice(kind.length)));

  const report = async () => {
    const news = [...shown].filter((name) => !told.has(name)).slice(0, MOST);
    const workspace = new URLSearchParams(location.search).get("workspace");
    if (document.hidden || !news.length || !workspace) {
      return;
    }
    try {
      const answer = await fetch(`/seen?workspace=${encodeURIComponent(workspace)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ messages: keysOf("messages", news), notes: keysOf("notes", news) }),
      });
      if (answer.ok) {
        news.forEach((name) => told.add(name));
      }
    } catch {
      // The server is away: the banner says so, and the next report brings these again.
    }
  };

  setInterval(watch, LOOK);
  setInterval(report, EVERY);
})();
