/* A sound for alarms that call this person: where somebody turned it on, it repeats until none calls any more. Browsers let a
page sound only after somebody touched it; until then the button says so. Never the sound alone: the notice is there anyway. */
(() => {
  "use strict";

  const LOOK = 1000;
  const AGAIN = 10000;
  const KEPT = "watchroom-alarm-sound";
  let audio = null;
  let last = 0;

  const isOn = () => localStorage.getItem(KEPT) === "on";
  const calls = () => document.querySelector("[data-alarm-calls]") !== null;

  const ready = () => {
    audio ??= new AudioContext();
    audio.resume().catch(() => undefined);
    return audio.state === "running";
  };

  const tone = (at, pitch) => {
    const source = audio.createOscillator();
    const level = audio.createGain();
    source.frequency.value = pitch;
    level.gain.setValueAtTime(0.2, at);
    level.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    source.connect(level).connect(audio.destination);
    source.start(at);
    source.stop(at + 0.3);
  };

  const sound = () => {
    last = Date.now();
    tone(audio.currentTime, 880);
    tone(audio.currentTime + 0.35, 660);
  };

  const say = (button) => {
    const on = isOn();
    const words = !on ? "Sound is off" : audio?.state === "running" ? "Sound is on" : "Sound is on, and muted until you press a key";
    if (button.textContent !== words) {
      button.textContent = words;
    }
    button.setAttribute("aria-pressed", String(on));
  };

  const look = () => {
    if (isOn() && calls() && Date.now() - last >= AGAIN && ready()) {
      sound();
    }
    document.querySelectorAll("[data-alarm-sound]").forEach(say);
  };

  const onTouch = () => {
    if (isOn()) {
      ready();
    }
  };

  const onClick = ({ target }) => {
    const button = target instanceof Element && target.closest("[data-alarm-sound]");
    if (button) {
      localStorage.setItem(KEPT, isOn() ? "off" : "on");
      if (isOn() && ready()) {
        sound();
      }
      look();
    }
  };

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onTouch, true);
  document.addEventListener("pointerdown", onTouch, true);
  setInterval(look, LOOK);
})();
