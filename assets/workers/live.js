/* One event stream for all pages of this browser.

A browser keeps at most six connections to a host, so the pages share one: this script runs as a SharedWorker. Where there
is none, a page loads it as an ordinary script and talks to it through a channel of its own (30-live.js), in the same words.

From a page:  {kind: "follow", workspace, audience, poll}   what it shows; `poll` is its patience in milliseconds
              {kind: "here"}                                it is still there
              {kind: "leave"}
To a page:    {kind: "event", name, data}                   an event of /events, of the feed that the page follows
              {kind: "link", state}                         "open", "polling", "lost", or the reason of the server's goodbye
*/
(() => {
  "use strict";

  const SILENCE = 9000; // The server gives a sign of life every 5 s; after this long without one, we go and look.
  const PATIENCE = 4000; // How long an answer may take before the server counts as unreachable.
  const AGAIN = 30000; // How long to poll before trying for a stream again.
  const KNOCK = 10000; // How often to look whether a person has signed in again.
  const GONE = 180000; // Pages that say nothing for this long are gone: a closed port tells nobody.
  const LINGER = 20000; // A feed that nobody follows is kept this long: a page may just be reloading.
  const FINAL = new Set(["signed-out", "role", "kiosk"]);

  const pages = new Map();
  const feeds = new Map();
  let link = "lost";
  let source = null;
  let covered = new Set();
  let heard = 0;
  let begun = 0;
  let timer = 0;
  let failures = 0;
  let opened = false;

  const keyOf = (workspace, audience) => `${workspace} ${audience}`;

  const wanted = () => {
    const now = Date.now();
    for (const page of pages.values()) {
      if (page.key) {
        feeds.get(page.key).wanted = now;
      }
    }
    for (const [key, feed] of feeds) {
      if (now - feed.wanted > LINGER) {
        feeds.delete(key);
      }
    }
    return new Set(feeds.keys());
  };

  const address = (keys) => {
    const workspaces = new Set();
    const audiences = new Set();
    for (const key of keys) {
      const [workspace, audience] = key.split(" ");
      workspaces.add(workspace);
      audiences.add(audience);
    }
    const query = new URLSearchParams();
    workspaces.forEach((slug) => query.append("workspace", slug));
    audiences.forEach((name) => (name === "desk" ? query.append("desk", "1") : query.append("board", name)));
    return `/events?${query}`;
  };

  const tellLink = (state) => {
    link = state;
    for (const port of pages.keys()) {
      port.postMessage({ kind: "link", state });
    }
  };

  /* What a page that joins later needs is kept: the newest value of every tile, and the newest sign of life. */
  const remember = (feed, name, data) => {
    if (name === "state") {
      feed.state = data;
      return;
    }
    feed.name = name;
    feed.tiles = data.first ? { ...data.tiles } : { ...feed.tiles, ...data.tiles };
    feed.regions = data.first ? data.regions : [...new Set([...(feed.regions || []), ...data.regions])];
    feed.data = { ...data, first: true, tiles: feed.tiles, regions: feed.regions };
  };

  const deliver = (name, data) => {
    heard = Date.now();
    const key = keyOf(data.workspace, data.audience);
    const feed = feeds.get(key);
    if (!feed) {
      return;
    }
    feed.heard = heard;
    remember(feed, name, data);
    for (const [port, page] of pages) {
      if (page.key === key) {
        port.postMessage({ kind: "event", name, data });
      }
    }
  };

  const close = () => {
    clearTimeout(timer);
    if (source) {
      source.close();
      source = null;
    }
  };

  const later = (wait, act) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };

  const open = () => {
    close();
    covered = wanted();
    if (covered.size === 0) {
      tellLink("lost");
      return;
    }
    opened = false;
    heard = begun = Date.now();
    const mine = (source = new EventSource(address(covered)));
    mine.onopen = () => {
      opened = true;
      failures = 0;
      tellLink("open");
    };
    for (const name of ["tiles", "change", "state"]) {
      mine.addEventListener(name, (event) => deliver(name, JSON.parse(event.data)));
    }
    mine.addEventListener("bye", (event) => farewell(JSON.parse(event.data).reason));
    mine.onerror = () => source === mine && look(opened);
    later(SILENCE, listen);
  };

  /* A stream can stand open and say nothing: its machine is gone, or a proxy holds it back. */
  const listen = () => {
    if (Date.now() - heard > SILENCE) {
      look(false);
      return;
    }
    tellUnheard();
    later(SILENCE / 4, listen);
  };

  /* The server leaves out what a person may not see: a page whose feed stays silent while others speak has lost its right. */
  const tellUnheard = () => {
    for (const [port, page] of pages) {
      const feed = feeds.get(page.key);
      if (feed && Date.now() - begun > SILENCE && (feed.heard || 0) < begun) {
        port.postMessage({ kind: "link", state: "role" });
      }
    }
  };

  const farewell = (reason) => {
    close();
    if (FINAL.has(reason)) {
      tellLink(reason);
      later(KNOCK, () => look(true));
    } else {
      later(500 + Math.random() * 1000, () => look(true));
    }
  };

  /* An EventSource never says why it failed, so the same address is asked once: the answer is the state, or the reason.
     `promptly`: a stream was there until now, so one is to be had again; else this page polls for a while. */
  const look = async (promptly) => {
    close();
    const keys = wanted();
    if (keys.size === 0) {
      return;
    }
    const status = await ask(keys);
    if (source || keys.size === 0) {
      return;
    }
    if (status === 200 && promptly) {
      open();
    } else if (status === 200) {
      failures = 0;
      tellLink("polling");
      poll(Date.now() + AGAIN);
    } else if (status === 401 || status === 403) {
      tellLink(status === 401 ? "signed-out" : "role");
      later(KNOCK, () => look(true));
    } else {
      failures += 1;
      tellLink("lost");
      later(Math.min(1000 * failures, 5000) * (0.75 + Math.random() / 2), () => look(true));
    }
  };

  const poll = (until) => {
    const pace = Math.min(10000, ...[...pages.values()].map((page) => page.poll || 5000));
    later(pace, async () => {
      if (Date.now() > until) {
        open();
        return;
      }
      const status = await ask(wanted());
      if (status === 200) {
        poll(until);
      } else {
        look(true);
      }
    });
  };

  /* The HTTP status of one answer, whose events are delivered; 0 where none came in time. */
  const ask = async (keys) => {
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(`${address(keys)}&once=1`, { signal: stop.signal, cache: "no-store" });
      const text = await answer.text();
      if (answer.status === 200) {
        read(text);
      }
      return answer.status;
    } catch {
      return 0;
    } finally {
      clearTimeout(alarm);
    }
  };

  const read = (text) => {
    for (const block of text.split("\n\n")) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      if (fields.event && fields.data) {
        deliver(fields.event, JSON.parse(fields.data));
      }
    }
  };

  const follow = (port, message) => {
    const key = keyOf(message.workspace, message.audience);
    pages.set(port, { key, poll: message.poll, seen: Date.now() });
    const feed = feeds.get(key) || { wanted: Date.now() };
    feeds.set(key, feed);
    port.postMessage({ kind: "link", state: link });
    if (covered.has(key) && feed.data) {
      port.postMessage({ kind: "event", name: feed.name, data: feed.data });
      if (feed.state) {
        port.postMessage({ kind: "event", name: "state", data: feed.state });
      }
    }
    if (!covered.has(key) || (!source && link !== "polling")) {
      open();
    }
  };

  const sweep = () => {
    const now = Date.now();
    for (const [port, page] of pages) {
      if (now - page.seen > GONE) {
        pages.delete(port);
      }
    }
    const keys = wanted();
    if (source && keys.size < covered.size) {
      keys.size === 0 ? close() : open();
    }
  };

  const hear = (port, message) => {
    if (message.kind === "follow") {
      follow(port, message);
    } else if (message.kind === "leave") {
      pages.delete(port);
    } else if (pages.has(port)) {
      pages.get(port).seen = Date.now();
    }
  };

  const welcome = (port) => {
    port.onmessage = (event) => hear(port, event.data);
  };

  setInterval(sweep, LINGER);
  if ("onconnect" in self) {
    self.onconnect = (event) => welcome(event.ports[0]);
  } else {
    self.watchroomFeed = welcome;
  }
})();
