/* Who else has this conversation on the screen. A visible page says every few seconds what it shows and whether somebody
typed or pressed something there; the answer says who else is there. When the live feed tells that it changed, the page asks at
once; when it is closed or hidden, it takes its leave. Looking alone is no work: only typing and pressing put off a lapse. */
(() => {
  "use strict";

  const LOOK = 500;
  const EVERY = 5000;
  const PAUSE = 1000; // Between two askings, however much happens.
  const WRITING = 6000; // Since the last key: the server counts a little longer.

  const page = [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

  let there = null; // Where we are, as the server knows it: workspace and conversation.
  let last = 0;
  let soon = false;
  let typedAt = 0;
  let acted = false;

  const token = () => document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/)?.[1] ?? "";

  const shown = () => {
    const key = Number(document.getElementById("panel-thread")?.dataset.conversation);
    const workspace = new URLSearchParams(location.search).get("workspace");
    return key && workspace && !document.hidden ? { workspace, key } : null;
  };

  const same = (one, other) => one?.key === other?.key && one?.workspace === other?.workspace;

  const send = (workspace, body, keepalive = false) =>
    fetch(`/presence?workspace=${encodeURIComponent(workspace)}`, {
      method: "POST",
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ page, ...body }),
    });

  const say = (words) => {
    const place = document.getElementById("panel-presence");
    if (place && place.textContent !== words) {
      window.dash_clientside?.set_props("panel-presence", { children: words });
    }
  };

  const leave = () => {
    if (there) {
      send(there.workspace, {}, true).catch(() => undefined);
      there = null;
    }
  };

  const isWriting = () => Date.now() - typedAt < WRITING;

  const beat = async (here) => {
    const opened = !same(here, there);
    const body = { conversation: here.key, typed: isWriting(), acted: acted && !opened };
    if (opened) {
      typedAt = 0;
      body.typed = false;
      say("");
    }
    there = here;
    acted = false;
    soon = false;
    last = Date.now();
    try {
      const answer = await send(here.workspace, body);
      if (answer.ok && same(here, there)) {
        say((await answer.json()).says);
      }
    } catch {
      // The server is away: the banner says so.
    }
  };

  const tick = () => {
    const here = shown();
    if (!here || (there && here.workspace !== there.workspace)) {
      leave();
    }
    const due = Date.now() - last >= (soon ? PAUSE : EVERY);
    if (here && (!same(here, there) || due)) {
      beat(here);
    }
  };

  const inPanel = (target) => target instanceof Element && target.closest("#panel-form, #panel-composer, #panel-actions");

  const onInput = ({ target }) => {
    if (inPanel(target)) {
      soon = soon || !isWriting();
      typedAt = Date.now();
    }
  };

  const onAct = ({ target }) => {
    if (inPanel(target)) {
      acted = true;
    }
  };

  const onNews = ({ detail }) => {
    soon = soon || detail === there?.key;
  };

  document.addEventListener("input", onInput, true);
  document.addEventListener("keydown", onAct, true);
  document.addEventListener("pointerdown", onAct, true);
  document.addEventListener("visibilitychange", tick);
  addEventListener("watchroom:presence", onNews);
  addEventListener("pagehide", leave);
  setInterval(tick, LOOK);
})();
