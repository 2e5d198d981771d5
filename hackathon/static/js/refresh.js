// Parts of the page that change with time and messages. [data-refresh-at] dispatches `live:clock.passed` when its instant
// has passed on the server's clock. [data-refetch], and each part that htmx fetches because of a message, is changed
// into the server's new version without losing what the person did (js/morph.js). A hidden page fetches nothing; once
// it is visible it fetches once.

import { serverNow } from "./clock.js";
import { dispatch } from "./live.js";
import { morph } from "./morph.js";
import { checkUser, isAway, isSignInPage } from "./session.js";
import { cancel, later } from "./ticker.js";

const MARGIN = 250; // ms; the estimate of the server's time may be early
const SPREAD = 1250; // ms; 400 pages must not ask in the same instant
const LONGEST = 2 ** 31 - 1; // ms; of setTimeout
const RETRY_SECONDS = [2, 5, 10, 20];
/** @type {Map<number, number>} instant → how often it was dispatched */
const fired = new Map();

// ---------------------------------------------------------------- instants

let timer = 0;

function scan() {
  cancel(timer);
  const now = serverNow();
  let soonest = Infinity;
  for (const element of document.querySelectorAll("[data-refresh-at]")) {
    const at = Date.parse(element.dataset.refreshAt);
    if (Number.isNaN(at)) continue;
    const times = fired.get(at) ?? 0;
    // An instant that was past when the page was made is not news. One that is still there after its dispatch was
    // dispatched too early, and is dispatched again, twice at most.
    if (times === 0 && at < now - 60_000) continue;
    if (times > 2) continue;
    soonest = Math.min(soonest, Math.max(at, now + (times ? 2000 * times : 0)));
  }
  if (soonest === Infinity) return;
  const wait = soonest - now + MARGIN + Math.random() * SPREAD;
  timer = later(pass, Math.min(wait, LONGEST));
}

function pass() {
  const now = serverNow();
  const passed = new Set();
  for (const element of document.querySelectorAll("[data-refresh-at]")) {
    const at = Date.parse(element.dataset.refreshAt);
    if (at <= now && at > now - 120_000) passed.add(at);
  }
  for (const at of passed) {
    const times = (fired.get(at) ?? 0) + 1;
    fired.set(at, times);
    if (times > 3) continue;
    dispatch({ type: "clock.passed", at: new Date(at).toISOString(), data: {} });
  }
  scan();
}

// ---------------------------------------------------------------- parts of the page itself

// One request for the page serves all its [data-refetch] parts, a moment after the last reason.
let refetching = 0;
let isStale = false;
let failures = 0;

function refetchSoon(ms = 300 + Math.random() * 900) {
  isStale = true;
  cancel(refetching);
  if (!document.hidden) refetching = later(refetch, ms);
}

async function refetch() {
  isStale = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (isSignInPage(answer.url)) return;
    if (answer.status >= 500) throw new Error(answer.statusText);
    if (!answer.ok || answer.redirected) return; // e.g. a form with errors, which GET does not answer
    failures = 0;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wasAway = isAway();
    if (!checkUser(fresh.body.dataset.user)) return;
    if (wasAway) fetchAll(); // messages to this person alone were missed
    for (const part of document.querySelectorAll("[data-refetch][id]")) {
      const found = fresh.getElementById(part.id);
      if (!found) continue;
      morph(part, found);
      window.htmx?.process(part);
    }
    const madeAt = Number(fresh.body.dataset.now);
    document.body.dispatchEvent(new CustomEvent("live:refetched", { detail: { madeAt } }));
  } catch {
    const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
    failures += 1;
    refetchSoon(seconds * 1000 * (0.67 + Math.random() * 0.66));
  }
}

// ---------------------------------------------------------------- parts that htmx fetches

/** @type {Map<HTMLElement, any>} element → its request, until the page is visible */
const waiting = new Map();

/** Whether htmx sends a request because of a message, and not because of an action. @param {any} config */
export function isNews(config) {
  const type = config?.triggeringEvent?.type ?? "";
  return type.startsWith("live:") || type === "stale";
}

/** @param {CustomEvent<any>} event */
function holdBack(event) {
  const { elt, requestConfig } = event.detail;
  if (!document.hidden || !isNews(requestConfig)) return;
  event.preventDefault();
  waiting.set(elt, requestConfig);
}

/** @param {CustomEvent<any>} event */
function onAnswer(event) {
  const { detail } = event;
  const { elt, requestConfig, target, xhr } = detail;
  if (isSignInPage(xhr.responseURL)) {
    detail.shouldSwap = false;
    return;
  }
  if (!isNews(requestConfig) || !detail.shouldSwap) return;
  const style = elt.closest("[hx-swap]")?.getAttribute("hx-swap") ?? "";
  if (style.startsWith("outerHTML") && target === elt) detail.swapOverride = "morph";
}

/** Too many messages were missed to be sent again: fetch every part. */
function fetchAll() {
  for (const element of document.querySelectorAll("[hx-get][hx-trigger*='live:']")) {
    const event = new CustomEvent("stale");
    window.htmx.ajax("get", element.getAttribute("hx-get"), { source: element, event });
  }
}

function onVisible() {
  if (isStale) refetchSoon(Math.random() * 300);
  for (const [element, { verb, path, triggeringEvent }] of waiting) {
    if (element.isConnected) window.htmx.ajax(verb, path, { source: element, event: triggeringEvent });
  }
  waiting.clear();
}

window.htmx?.defineExtension("morph", {
  /** @param {string} style */
  isInlineSwap: (style) => style === "morph",
  /** @param {string} style @param {Element} target @param {DocumentFragment} fragment */
  handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    const fresh = fragment.firstElementChild;
    if (fresh?.tagName === target.tagName) {
      morph(target, fresh);
      return [target];
    }
    target.replaceWith(...fragment.childNodes);
    return fresh ? [fresh] : [];
  },
});

export function start() {
  /** @type {Set<string>} */
  const reasons = new Set();
  for (const part of document.querySelectorAll("[data-refetch]")) {
    for (const type of (part.dataset.refetch ?? "").split(/\s+/)) if (type) reasons.add(type);
  }
  if (reasons.size) reasons.add("live:caught-up");
  for (const type of [...reasons, "live:signed-in"]) document.body.addEventListener(type, () => refetchSoon());
  // Out of the back/forward cache: hours may have passed, and somebody else may be signed in.
  window.addEventListener("pageshow", ({ persisted }) => persisted && refetchSoon(0));
  document.body.addEventListener("live:caught-up", ({ detail }) => detail.data.complete || fetchAll());
  document.body.addEventListener("live:edition.changed", () => later(scan, 50));
  document.body.addEventListener("htmx:beforeRequest", holdBack);
  document.body.addEventListener("htmx:beforeSwap", onAnswer);
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, scan);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    onVisible();
    scan();
  });
  scan();
}
