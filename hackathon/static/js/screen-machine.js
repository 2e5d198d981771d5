// The computer of the projector: it stays awake, hides the pointer, fills the screen, and its service worker keeps the
// page for when the server is unreachable.

import { one } from "./dom.js";
import { cancel, later } from "./ticker.js";

const IDLE_SECONDS = 3;

/** @type {WakeLockSentinel | null} */
let lock = null;

async function stayAwake() {
  if (lock || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    // The system releases it when the page is hidden or the battery is low.
    lock.addEventListener("release", () => {
      lock = null;
      later(stayAwake, 5000);
    }, { once: true });
  } catch {
    lock = null; // refused: tried again when the page is visible again
  }
}

const button = one("[data-full]");
let idle = 0;

function moved() {
  document.body.classList.remove("is-idle");
  button.hidden = Boolean(document.fullscreenElement) || !document.fullscreenEnabled;
  cancel(idle);
  idle = later(() => document.body.classList.add("is-idle"), IDLE_SECONDS * 1000);
}

function fill() {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  change.catch(() => {}); // not allowed
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key?.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  fill();
}

/** Service workers need https or localhost. @param {string} watchUrl */
async function keep(watchUrl) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(watchUrl);
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map(({ name }) => name)
      .filter((url) => new URL(url).origin === location.origin && /^\/(static|apparence)\//.test(new URL(url).pathname));
    if (files.length) active?.postMessage({ page: location.href, files: [...new Set(files)] });
  } catch {
    // Only reloading the page while the server is unreachable needs it.
  }
}

/** Keep the page with the stage that is shown now. @param {string} stage HTML as the server sent it */
export function keepStage(stage) {
  navigator.serviceWorker?.controller?.postMessage({ page: location.href, stage });
}

/** @param {string} watchUrl of the service worker */
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
