/* The page's side of the live feed: follows what this page shows, sets what changed, and says when it can no longer be
trusted. Plain JavaScript, because it must still speak when the server behind every callback is gone. */
(() => {
  "use strict";

  const WORKER = "/assets/workers/live.js";
  const SILENT = 14000; // The worker hears from the server every 5 s, or polls every 10 s on a phone.
  const BLIP = 4000; // A restart takes a moment; only what lasts longer is worth a banner.
  const STALE = 60000;
  const GAP = 10000; // After a longer silence everything is drawn again: some of it moves with time alone.
  const PACE = 200; // One region is redrawn at most this often; the newest news wins.
  const SETTLE = 1500; // After the hand has left the list, its order may change.
  const RELOAD_AFTER = 20 * 3600 * 1000;

  const say = () => window.watchroom.say;
  const now = () => window.watchroom.now();

  let port = null;
  let following = null;
  let link = "open";
  let lostSince = 0;
  let heard = Date.now();
  let asAt = 0;
  let state = null;
  let version = null;
  let revision = -1;
  let waiting = { tiles: {}, charts: new Set(), regions: {} };
  const redrawn = {};
  const charts = {};
  const born = Date.now();

  /* The past (an address with a time in it) is followed by nothing. */
  const shown = () => {
    const query = new URLSearchParams(location.search);
    const workspace = query.has("at") ? null : query.get("workspace");
    const board = location.pathname.match(/^\/wallboard\/([a-z]+)/);
    return workspace && { workspace, audience: board ? board[1] : "desk" };
  };

  const connect = () => {
    if (window.SharedWorker) {
      port = new SharedWorker(WORKER).port;
      listen();
      return;
    }
    const channel = new MessageChannel();
    const script = document.createElement("script");
    script.src = WORKER;
    script.onload = () => self.watchroomFeed(channel.port2);
    document.head.append(script);
    port = channel.port1;
    listen();
  };

  const listen = () => {
    port.onmessage = (event) => (event.data.kind === "link" ? setLink(event.data.state) : hear(event.data));
  };

  /* Called every second too: an address may change without any event that we are told of. */
  const follow = () => {
    const wanted = shown();
    const same = wanted && following && wanted.workspace === following.workspace && wanted.audience === following.audience;
    if (same || (!wanted && !following)) {
      return;
    }
    following = wanted;
    waiting = { tiles: {}, charts: new Set(), regions: {} };
    revision = -1;
    asAt = 0;
    heard = Date.now();
    const poll = matchMedia("(max-width: 600px)").matches ? 10000 : 5000;
    port.postMessage(wanted ? { kind: "follow", ...wanted, poll } : { kind: "leave" });
  };

  const setLink = (found) => {
    lostSince = found === "lost" ? lostSince || Date.now() : 0;
    link = found;
    look();
  };

  const hear = ({ name, data }) => {
    if (!following || data.workspace !== following.workspace || data.audience !== following.audience) {
      return;
    }
    const gap = Date.now() - heard;
    heard = Date.now();
    asAt = data.as_at ? Date.parse(data.as_at) : asAt;
    if (name === "state") {
      hearState(data);
      return;
    }
    if (revision < 0) {
      window.watchroom.setNow(data.as_at);
    }
    const known = data.first && gap < GAP ? drawnRevision() : -1;
    sort(data.tiles || {}, data.revision > known);
    for (const region of data.regions) {
      if (region.startsWith("presence-")) {
        dispatchEvent(new CustomEvent("watchroom:presence", { detail: Number(region.slice(9)) }));
      } else if (data.revision > known) {
        waiting.regions[region] = { revision: data.revision, as_at: data.as_at };
      }
    }
    revision = data.revision;
    apply();
  };

  /* Charts are drawn after the figures, and not again where the page has just come with them. */
  const sort = (tiles, isNews) => {
    for (const [id, props] of Object.entries(tiles)) {
      if (!props.figure) {
        waiting.tiles[id] = props;
        continue;
      }
      charts[id] = props.figure;
      if (isNews) {
        waiting.charts.add(id);
      }
    }
  };

  const hearState = (data) => {
    state = data;
    window.watchroom.setNow(data.now);
    if (version !== null && data.version !== version && onTheWall()) {
      setTimeout(() => location.reload(), Math.random() * 30000);
    }
    version = data.version;
    look();
  };

  const onTheWall = () => following !== null && following.audience !== "desk";

  /* What the page was drawn with, or heard since: a stream that begins again repeats everything, and most of it is known. */
  const drawnRevision = () => {
    const drawn = document.querySelector("[data-revision]");
    return Math.max(revision, drawn ? Number(drawn.dataset.revision) : -1);
  };

  const exists = (id) => {
    try {
      return window.dash_component_api.getLayout(id) !== undefined;
    } catch {
      return false;
    }
  };

  /* Dash asks for the page and for its callbacks side by side. Until it has both and has drawn, a value that is set wakes no
     callback, and never will: what was heard so far waits. */
  const isReady = () => (window.dash_stores || []).some((store) => store.getState().appLifecycle === "HYDRATED");

  /* Between two pages, what stands here may still be the other workspace's. */
  const isDrawn = () => {
    const root = document.querySelector("[data-workspace]");
    return following !== null && (!root || root.dataset.workspace === following.workspace);
  };

  /* Figures first, in one go; then, a frame later, whatever takes longer to draw. A hidden page does neither until it is
     seen, and a page that is not drawn yet is told as soon as it is. */
  const apply = () => {
    if (document.hidden || !isReady() || !isDrawn()) {
      return;
    }
    const set = window.dash_clientside.set_props;
    for (const [id, props] of Object.entries(waiting.tiles)) {
      writeAtOnce(id, props.children);
    }
    for (const [id, props] of Object.entries(waiting.tiles)) {
      if (exists(id)) {
        set(id, props);
        delete waiting.tiles[id];
      }
    }
    window.watchroom.tick();
    requestAnimationFrame(applySlow);
  };

  const applySlow = () => {
    for (const id of waiting.charts) {
      if (exists(id)) {
        waiting.charts.delete(id);
        window.dash_clientside.set_props(id, { figure: inked(charts[id], getComputedStyle(document.documentElement)) });
      }
    }
    Object.keys(waiting.regions).forEach(redraw);
  };

  /* Charts come with the names of their colours, so that one drawing does for every theme: here they get the theme's own. */
  const inked = (part, style) => {
    if (typeof part === "string" && part.startsWith("ink:")) {
      return style.getPropertyValue(`--${part.slice(4)}`).trim();
    }
    if (Array.isArray(part)) {
      return part.map((one) => inked(one, style));
    }
    return part && typeof part === "object"
      ? Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inked(one, style)]))
      : part;
  };

  const recolour = () => {
    Object.keys(charts).forEach((id) => waiting.charts.add(id));
    apply();
  };

  /* The words stand on the glass before React has thought about them; it is told next, and then finds them there. */
  const writeAtOnce = (id, words) => {
    const element = typeof words === "string" && document.getElementById(id);
    if (element && element.children.length === 0) {
      window.watchroom.write(element, words);
    }
  };

  /* A table is asked for when it is opened. */
  const unfold = ({ target }) => {
    const region = target instanceof HTMLDetailsElement && target.open && target.dataset.region;
    if (region) {
      waiting.regions[region] ??= { revision, as_at: new Date(now()).toISOString() };
    }
    apply();
  };

  const redraw = (region) => {
    const data = waiting.regions[region];
    const store = `live-${region}`;
    // A chart's table takes five times as long as the chart: it is made only while somebody has it open.
    if (!data || !exists(store) || (region.endsWith("-table") && !document.querySelector(".table-toggle[open]"))) {
      return;
    }
    const rest = (redrawn[region] || 0) + PACE - Date.now();
    if (rest > 0) {
      setTimeout(() => redraw(region), rest);
      return;
    }
    redrawn[region] = Date.now();
    delete waiting.regions[region];
    window.dash_clientside.set_props(store, { data: { ...data, hold: isHeld() } });
  };

  /* The list stays as it is while somebody's focus or pointer is in it: the row they are about to open must not move. */
  const list = () => document.querySelector("[data-live-list]");

  /* Whoever asked for what is new, or for another list, gets it: until it stands there, news that comes meanwhile holds
     nothing back. */
  let asked = false;

  document.addEventListener("click", ({ target }) => {
    asked = asked || Boolean(target instanceof Element && target.closest('[data-key="N"]'));
  }, true);

  const isHeld = () => {
    const found = list();
    asked = asked && found?.dataset.liveList === "held";
    const { listFor } = window.watchroom; // The address whose rows stand there (47-rows.js).
    if (asked || (listFor !== undefined && listFor !== location.search)) {
      return false;
    }
    const pointed = matchMedia("(hover: hover)").matches && found?.matches(":hover");
    return Boolean(found && (found.contains(document.activeElement) || pointed));
  };

  let settling = 0;

  const letGo = (event) => {
    if (!list()?.contains(event.target)) {
      return;
    }
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (!isHeld() && list()?.dataset.liveList === "held") {
        waiting.regions.queue = { revision, as_at: new Date(asAt).toISOString() };
        redraw("queue");
      }
    }, SETTLE);
  };

  const at = (instant, seconds) => {
    const zone = window.watchroom.zone();
    return seconds ? say().clock(instant, zone) : say().hourMinute(instant, zone);
  };

  /* What is wrong, worst first: a sentence, and where it can be put right. Nothing where all is well. */
  const trouble = () => {
    if (link === "signed-out") {
      const back = encodeURIComponent(location.pathname + location.search);
      return ["You are signed out.", "Sign in again.", `/sign-in?next=${back}`];
    }
    if (link === "kiosk") {
      return ["This screen has been switched off. Its link no longer works."];
    }
    if (link === "role") {
      return ["You may no longer see this.", "Reload the page.", location.href];
    }
    const lost = (lostSince && Date.now() - lostSince > BLIP) || Date.now() - heard > SILENT;
    if (following && lost) {
      return [`The server does not answer.${asAt ? ` Figures below are from ${at(asAt, true)}.` : ""}`];
    }
    if (following && state?.poller === "dead") {
      const seen = state.poller_seen;
      return [`Posts are not being collected: the poller ${seen ? `stopped at ${at(Date.parse(seen))}` : "has not started"}.`];
    }
    return [];
  };

  const banner = () => {
    let found = document.getElementById("banner");
    if (!found) {
      found = document.createElement("div");
      found.id = "banner";
      found.className = "banner";
      found.setAttribute("role", "alert");
      document.body.prepend(found);
    }
    return found;
  };

  let said = "";

  const look = () => {
    const [sentence = "", action = "", address = ""] = trouble();
    const place = banner();
    if (sentence + address !== said) {
      said = sentence + address;
      place.replaceChildren(sentence);
      if (action) {
        const anchor = document.createElement("a");
        anchor.href = address;
        anchor.textContent = action;
        place.append(" ", anchor);
      }
    }
    place.hidden = !sentence;
    const stale = Boolean(following && asAt && now() - asAt > STALE);
    document.body.classList.toggle("stale", stale);
    sayAge(stale);
  };

  const sayAge = (stale) => {
    const place = document.getElementById("live-age");
    if (!place || !following) {
      return;
    }
    const broken = stale || said.startsWith("The server") || ["signed-out", "kiosk", "role"].includes(link);
    place.dataset.live = asAt ? String(!broken) : "unknown";
    if (!asAt) {
      window.watchroom.write(place, "connecting");
    } else if (broken) {
      window.watchroom.write(place, `since ${at(asAt)}`);
    } else {
      window.watchroom.write(place, `LIVE, ${say().shortAge(now() - asAt)} ago`);
    }
  };

  /* A browser's memory grows over weeks of redraws: a wallboard begins afresh each night, and each at its own minute. */
  const renew = () => {
    const hour = Number(at(now()).slice(0, 2));
    if (onTheWall() && link === "open" && Date.now() - born > RELOAD_AFTER && hour === 4 && Math.random() < 1 / 600) {
      location.reload();
    }
  };

  let seconds = 0;

  const everySecond = () => {
    follow();
    if (Object.keys(waiting.tiles).length + waiting.charts.size + Object.keys(waiting.regions).length) {
      apply();
    }
    look();
    renew();
    seconds += 1;
    if (seconds % 20 === 0) {
      port.postMessage({ kind: "here" });
    }
  };

  const begin = () => {
    connect();
    addEventListener("_dashprivate_pushstate", follow);
    addEventListener("popstate", follow);
    addEventListener("pagehide", () => {
      port.postMessage({ kind: "leave" });
      following = null;
    });
    document.addEventListener("visibilitychange", apply);
    document.addEventListener("toggle", unfold, true);
    new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", recolour);
    document.addEventListener("focusout", letGo);
    document.addEventListener("pointerout", letGo);
    follow();
    setInterval(everySecond, 1000);
  };

  addEventListener("load", begin);
})();
