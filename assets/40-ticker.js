/* Ages, due times and clocks that go on counting between two messages of the server.

data-since="<instant>"  how long ago: "47 min", "2 h 31"; with data-part="figure" or "unit" only that half of it
data-due="<instant>"    "due in 3:04", "17 min over"; data-over says whether it has come
data-from="<instant>"   shown from then on, hidden before
data-clock              the time of day in the zone of data-zone

The words are those of layouts/wording.py; a test holds the two against each other. Time is the server's: a PC's clock may
be minutes out, and a wait must not look shorter for it. */
(() => {
  "use strict";

  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const two = (number) => String(number).padStart(2, "0");

  const age = (length) => {
    const minutes = Math.floor(length / MINUTE);
    if (minutes < 1) {
      return "<1 min";
    }
    if (minutes < 60) {
      return `${minutes} min`;
    }
    if (minutes < 1440) {
      return `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
    }
    return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
  };

  const shortAge = (length) => {
    const seconds = Math.max(Math.floor(length / 1000), 0);
    return seconds < 60 ? `${seconds} s` : age(length);
  };

  const due = (now, at) => {
    if (now >= at) {
      return `${age(now - at)} over`;
    }
    const left = Math.floor((at - now) / 1000);
    return at - now < HOUR ? `due in ${Math.floor(left / 60)}:${two(left % 60)}` : `due in ${age(at - now)}`;
  };

  const split = (text) => {
    const blank = text.indexOf(" ");
    return { figure: text.slice(0, blank), unit: text.slice(blank + 1) };
  };

  const clocks = new Map();

  /* A formatter costs far more to make than to use, and a wallboard uses one every second for weeks. */
  const formatter = (zone, seconds) => {
    const name = `${zone} ${seconds}`;
    if (!clocks.has(name)) {
      const parts = { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) };
      clocks.set(name, new Intl.DateTimeFormat("en-GB", { ...parts, hourCycle: "h23", timeZone: zone }));
    }
    return clocks.get(name);
  };

  const clock = (at, zone) => formatter(zone, true).format(at);
  const hourMinute = (at, zone) => formatter(zone, false).format(at);

  const zone = () => document.querySelector("[data-zone]")?.dataset.zone || "Europe/London";

  let ahead = 0;

  /* How far the server is ahead of this machine, by what it says the time is. The journey makes us think too little of it,
     never too much, so the largest of the last answers is the best; a jump of more than 2 s is a clock that was set. */
  const setNow = (instant) => {
    const found = Date.parse(instant) - Date.now();
    ahead = ahead === 0 || found > ahead || ahead - found > 2000 ? found : ahead;
  };

  const now = () => Date.now() + ahead;

  /* Only the text node is touched: it stays the one that React made, so that React can go on changing it. */
  const write = (element, text) => {
    const first = element.firstChild;
    if (!first) {
      element.textContent = text;
    } else if (first.nodeType === Node.TEXT_NODE && first.nodeValue !== text) {
      first.nodeValue = text;
    }
  };

  const tick = () => {
    const at = now();
    for (const element of document.querySelectorAll("[data-since]")) {
      const text = age(at - Date.parse(element.dataset.since));
      write(element, element.dataset.part ? split(text)[element.dataset.part] : text);
    }
    for (const element of document.querySelectorAll("[data-due]")) {
      const instant = Date.parse(element.dataset.due);
      write(element, due(at, instant));
      element.dataset.over = String(at >= instant);
    }
    for (const element of document.querySelectorAll("[data-from]")) {
      element.hidden = at < Date.parse(element.dataset.from);
    }
    for (const element of document.querySelectorAll("[data-clock]")) {
      write(element, clock(at, element.dataset.zone || zone()));
    }
  };

  window.watchroom = Object.assign(window.watchroom || {}, {
    say: { age, shortAge, due, split, clock, hourMinute },
    setNow,
    now,
    write,
    zone,
    tick,
  });
  setInterval(tick, 1000);
})();
