// The helper's telephone: it rings when somebody calls, and its screen stays on, if asked. Both are this
// device's own choice. What is new is read from the queue itself, so that a call that came while the
// connection was away rings when it is back.

const ringButton = document.querySelector("[data-calls-ring]");
const awakeButton = document.querySelector("[data-calls-awake]");
const title = document.querySelector("script[data-title]").dataset.title;

let known = waiting();
let sound = null;
let lock = null;

/** The calls that nobody has taken, by id. */
function waiting() {
  return new Map([...document.querySelectorAll("[data-call]")].map((item) => [item.dataset.call, item]));
}

const isOn = (button) => button.getAttribute("aria-pressed") === "true";

function press(button, key, on) {
  button.setAttribute("aria-pressed", String(on));
  try {
    localStorage.setItem(key, on ? "1" : "");
  } catch {
    // Not kept for the next visit; it holds for this page.
  }
}

function kept(key) {
  try {
    return localStorage.getItem(key) === "1";
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------- ringing

// Browsers let a page sound only after somebody has touched it.
function unlock() {
  if (!isOn(ringButton) || !window.AudioContext) return;
  sound ??= new AudioContext();
  sound.resume();
}

function ring() {
  navigator.vibrate?.([200, 100, 200]);
  if (sound?.state !== "running") return;
  for (const [index, pitch] of [660, 880].entries()) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    const at = sound.currentTime + index * 0.18;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}

function notify(item) {
  if (!document.hidden || window.Notification?.permission !== "granted") return;
  const [room, team] = [".call-room", ".call-who b"].map((part) => item.querySelector(part).textContent.trim());
  try {
    new Notification(title, { body: `${room} · ${team}`, tag: `call-${item.dataset.call}` });
  } catch {
    // Telephones want a service worker for it; they vibrate instead.
  }
}

function look() {
  const now = waiting();
  const fresh = [...now.keys()].filter((id) => !known.has(id));
  known = now;
  for (const id of fresh) now.get(id).classList.add("is-new");
  if (!fresh.length || !isOn(ringButton)) return;
  ring();
  for (const id of fresh) notify(now.get(id));
}

// ---------------------------------------------------------------- the screen

async function stayAwake() {
  if (!isOn(awakeButton) || lock || document.hidden) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    // The system takes it away when the page is hidden, or the battery is low.
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
document.body.addEventListener("htmx:afterSettle", look);

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
