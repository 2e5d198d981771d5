// A helper's phone rings at each new call, and its screen stays on, if the helper wants that on this device. New calls
// are found by comparing the queue, so that one that came while the connection was lost rings later.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";

const ringButton = one("[data-calls-ring]");
const awakeButton = one("[data-calls-awake]");
const { title = "" } = one("script[data-title]").dataset;

let known = waitingCalls();
/** @type {AudioContext | null} */
let sound = null;
/** @type {WakeLockSentinel | null} */
let lock = null;

/** The calls that no helper has taken, by id. */
function waitingCalls() {
  return new Map([...document.querySelectorAll("[data-call]")].map((item) => [item.dataset.call, item]));
}

/** @param {HTMLElement} button */
const isOn = (button) => button.getAttribute("aria-pressed") === "true";

/** @param {HTMLElement} button @param {string} key in localStorage @param {boolean} on */
function press(button, key, on) {
  button.setAttribute("aria-pressed", String(on));
  try {
    localStorage.setItem(key, on ? "1" : "");
  } catch {
    // Without storage it is only for this page.
  }
}

/** @param {string} key */
function kept(key) {
  try {
    return localStorage.getItem(key) === "1";
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------- ringing

// Browsers allow sound only after a tap or a key.
function unlock() {
  if (!isOn(ringButton) || !window.AudioContext) return;
  sound ??= new AudioContext();
  sound.resume();
}

function ring() {
  navigator.vibrate?.([200, 100, 200]);
  const context = sound;
  if (context?.state !== "running") return;
  for (const [index, pitch] of [660, 880].entries()) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const at = context.currentTime + index * 0.18;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}

/** @param {HTMLElement} item of a call */
function notify(item) {
  if (!document.hidden || window.Notification?.permission !== "granted") return;
  const [room, team] = [".call-room", ".call-who b"].map((part) => one(part, item).textContent.trim());
  try {
    new Notification(title, { body: `${room} · ${team}`, tag: `call-${item.dataset.call}` });
  } catch {
    // Phones allow this to service workers only; they vibrate.
  }
}

function look() {
  const now = waitingCalls();
  const fresh = [...now].filter(([id]) => !known.has(id)).map(([, item]) => item);
  known = now;
  for (const item of fresh) item.classList.add("is-new");
  if (!fresh.length || !isOn(ringButton)) return;
  ring();
  for (const item of fresh) notify(item);
}

// ---------------------------------------------------------------- the screen

async function stayAwake() {
  if (!isOn(awakeButton) || lock || document.hidden) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    // The system releases it when the page is hidden or the battery is low.
    lock.addEventListener("release", () => { lock = null; });
  } catch {
    press(awakeButton, "calls-awake", false);
  }
}

ringButton.hidden = false;
ringButton.setAttribute("aria-pressed", String(kept("calls-ring")));
ringButton.addEventListener("click", () => {
  press(ringButton, "calls-ring", !isOn(ringButton));
  if (!isOn(ringButton)) return;
  unlock();
  ring();
  if (window.Notification?.permission === "default") Notification.requestPermission();
});
document.addEventListener("pointerdown", unlock);
for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, look);

if (navigator.wakeLock) {
  awakeButton.hidden = false;
  awakeButton.setAttribute("aria-pressed", String(kept("calls-awake")));
  awakeButton.addEventListener("click", () => {
    press(awakeButton, "calls-awake", !isOn(awakeButton));
    if (isOn(awakeButton)) stayAwake();
    else lock?.release();
  });
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
}
