// What the clock changes: [data-refresh-at] fires `live:clock.passed` when its instant has passed on the
// server, and [data-refetch] fetches its own part of the page again.

import { serverNow } from "./clock.js";
import { dispatch } from "./live.js";

const MARGIN = 250; // our idea of the server's time may be early by as much
const SPREAD = 1250; // four hundred pages do not ask in the same instant
const LONGEST = 2 ** 31 - 1;
const fired = new Map(); // instant → how often

let timer = 0;

function scan() {
  clearTimeout(timer);
  const now = serverNow();
  let soonest = Infinity;
  for (const element of document.querySelectorAll("[data-refresh-at]")) {
    const at = Date.parse(element.dataset.refreshAt);
    if (Number.isNaN(at)) continue;
    const times = fired.get(at) ?? 0;
    // An instant already past when the page was made is not news; one that fired and is still there
    // was answered too early, and is asked for again, twice at most.
    if (times === 0 && at < now - 60_000) continue;
    if (times > 2) continue;
    soonest = Math.min(soonest, Math.max(at, now + (times ? 2000 * times : 0)));
  }
  if (soonest === Infinity) return;
  const wait = soonest - now + MARGIN + Math.random() * SPREAD;
  timer = setTimeout(() => pass(soonest), Math.min(wait, LONGEST));
}

function pass() {
  const now = serverNow();
  const passed = new Set();
  for (const element of document.querySelectorAll("[data-refresh-at]")) {
    const at = Date.parse(element.dataset.refreshAt);
    if (at <= now && at > now - 120_000) passed.add(at);
  }
  for (const at of passed) {
    fired.set(at, (fired.get(at) ?? 0) + 1);
    if (fired.get(at) > 3) continue;
    dispatch({ type: "clock.passed", at: new Date(at).toISOString(), data: {} });
  }
  scan();
}

// One fetch of the page serves all its [data-refetch] parts, a moment after the last reason to.
let refetching = 0;
function refetchSoon() {
  clearTimeout(refetching);
  refetching = setTimeout(refetch, 300 + Math.random() * 900);
}

async function refetch() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return; // e.g. a form that came back with errors has no page of its own
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-refetch][id]")) {
      const found = fresh.getElementById(part.id);
      if (!found) continue;
      part.replaceWith(found);
      window.htmx?.process(found);
    }
    document.body.dispatchEvent(new CustomEvent("live:refetched"));
    scan();
  } catch {
    // Offline: the connection's own state says so, and what comes back will ask again.
  }
}

export function start() {
  const reasons = new Set();
  for (const part of document.querySelectorAll("[data-refetch]")) {
    for (const type of part.dataset.refetch.split(/\s+/)) if (type) reasons.add(type);
  }
  for (const type of [...reasons, "live:caught-up"]) {
    document.body.addEventListener(type, () => document.querySelector("[data-refetch]") && refetchSoon());
  }
  document.body.addEventListener("htmx:afterSettle", scan);
  document.addEventListener("visibilitychange", () => document.hidden || scan());
  document.body.addEventListener("live:edition.changed", () => setTimeout(scan, 50));
  scan();
}
