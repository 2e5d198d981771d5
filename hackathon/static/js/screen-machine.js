// The computer that projects: it stays awake, shows no pointer, fills the screen, and keeps the page for when the
// server is away.

import { cancel, later } from "./ticker.js";

const IDLE_SECONDS = 3;

let lock = null;

async function stayAwake() {
  if (lock || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    // The system takes it away when the page is hidden, or the battery is low.
    lock.addEventListener("release", () => {
      lock = null;
      later(stayAwake, 5000);
    }, { once: true });
  } catch {
    lock = null; // refused: the next time that the page is shown
  }
}

const button = document.querySelector("[data-full]");
let idle = 0;

function moved() {
  document.body.classList.remove("is-idle");
  button.hidden = Boolean(document.fullscreenElement) || !document.fullscreenEnabled;
  cancel(idle);
  idle = later(() => document.body.classList.add("is-idle"), IDLE_SECONDS * 1000);
}

function fill() {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  change.catch(() => {}); // not allowed here: it stays a window
}

function onKey(event) {
  if (event.key?.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  fill();
}

// Only where the browser trusts the way to the server (https, or this very computer).
async function keep(watchUrl) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(watchUrl);
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map(({ name }) => name)
      .filter((url) => new URL(url).origin === location.origin && new URL(url).pathname.startsWith("/static/"));
    if (files.length) active.postMessage({ page: location.href, files: [...new Set(files)] });
  } catch {
    // Without it everything works, but for loading the page while the server is away.
  }
}

/** `stage`, as the server sent it, is what is shown now: the page is kept with it. */
export function keepStage(stage) {
  navigator.serviceWorker?.controller?.postMessage({ page: location.href, stage });
}

/** `watchUrl`: the script that keeps the page. */
export function start(watchUrl) {
  for (const type of ["pointermove", "pointerdown"]) document.addEventListener(type, moved, { passive: true });
  document.addEventListener("fullscreenchange", moved);
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", stayAwake);
  button.addEventListener("click", fill);
  moved();
  stayAwake();
  if (document.readyState === "complete") keep(watchUrl);
  else window.addEventListener("load", () => keep(watchUrl), { once: true });
}
