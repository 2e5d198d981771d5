// Parts of a page that belong to one person: each is fetched again when a message that it names in [data-refetch]
// arrives, when an instant in it ([data-refresh-at]) has passed, or when too much was missed. It is changed into the server's
// new version without losing what the person did (js/morph.js). [data-src] names the address of a part, otherwise the page
// itself is fetched, once for all its parts. Parts with [data-batch] are fetched in one request. One that is fetched again and
// again is fetched less and less often, unless few people have it ([data-spread="0"]), or after [data-pause] seconds at the
// earliest, but without delay when an instant has passed. A hidden page fetches nothing; once it is visible it fetches once.

import { serverNow } from "./clock.js";
import { dispatch } from "./live.js";
import { morph } from "./morph.js";
import { checkUser, isAway, isSignInPage } from "./session.js";
import { cancel, later } from "./ticker.js";

const MARGIN = 250; // ms; the estimate of the server's time may be early
const SPREAD = 1250; // ms; if the server has not said over how long the pages shall ask
const GATHER = 250; // ms; a deposit is several messages
const PAUSES = [0.25, 2, 3]; // seconds between two requests of the same part, the longer it goes on the longer
const PAUSE_OF_FEW = 0.7; // seconds; where few people have the part open
const LONGEST_PAUSE = 3; // after so many seconds it begins again with the first
const LONGEST = 60_000; // ms; the estimate of the server's time gets better meanwhile
const RETRY_SECONDS = [2, 5, 10, 20];
/** @type {Map<number, number>} instant → how often it was acted on */
const fired = new Map();

/**
 * @typedef {object} Source
 * @property {number} timer
 * @property {number} due when it is fetched, if it is stale
 * @property {boolean} isStale
 * @property {number} failures
 * @property {number} fetchedAt
 * @property {number} shownAt when the answer was requested that is shown
 * @property {number} pauses how often it was fetched without a longer pause between
 */
/** @type {Map<string, Source>} by address; the page itself is "" */
const sources = new Map();

const parts = () => [...document.querySelectorAll("[data-refetch][id]")];

/** @param {HTMLElement} part */
const addressOf = (part) => part.dataset.src ?? "";

/** @param {HTMLElement} part */
const typesOf = (part) => (part.dataset.refetch ?? "").split(/\s+/);

// ---------------------------------------------------------------- reasons

/** @param {LiveMessage} message */
function onMessage({ type, data, spread }) {
  if (type === "edition.changed" && data.changed?.includes("is_current")) reloadSoon(spread ?? SPREAD);
  for (const part of parts()) {
    const isNamed = typesOf(part).includes(`live:${type}`) && concerns(part, type, data);
    if (!isNamed) continue;
    fetchSoon(addressOf(part), Math.random() * Number(part.dataset.spread ?? spread ?? SPREAD), type === "clock.passed");
  }
}

/** The site shows another edition, or none: every page is another one. Not while somebody types. @param {number} ms */
function reloadSoon(ms) {
  if (document.activeElement?.matches("input, textarea, select")) return;
  later(() => location.reload(), Math.random() * ms);
}

/** A part may name the fields of the edition that it shows. @param {HTMLElement} part @param {string} type @param {any} data */
function concerns(part, type, data) {
  const fields = part.dataset.editionFields;
  if (type !== "edition.changed" || fields === undefined || !data.changed) return true;
  return fields.split(/\s+/).some((field) => data.changed.includes(field));
}

/** In ms. @param {string} address @param {Source} source */
function pauseOf(address, source) {
  const usual = PAUSES[Math.min(source.pauses, PAUSES.length - 1)];
  /** @param {HTMLElement} part */
  const pauseOfPart = ({ dataset }) => Number(dataset.pause ?? (dataset.spread === "0" ? PAUSE_OF_FEW : usual));
  const seconds = parts().filter((part) => addressOf(part) === address).map(pauseOfPart);
  return (seconds.length ? Math.min(...seconds) : usual) * 1000;
}

/** @param {string} address @param {number} ms @param {boolean} [withoutPause] */
function fetchSoon(address, ms, withoutPause = false) {
  const source = sources.get(address) ?? { timer: 0, due: 0, isStale: false, failures: 0, fetchedAt: -Infinity, shownAt: -Infinity, pauses: 0 };
  sources.set(address, source);
  const now = performance.now();
  const pause = withoutPause ? 0 : source.fetchedAt + pauseOf(address, source) - now;
  const due = now + Math.max(GATHER + ms, pause);
  const isAsked = source.isStale && source.timer; // already; a burst must not delay it
  if (isAsked && !(withoutPause && due < source.due)) return;
  source.isStale = true;
  if (document.hidden) return;
  cancel(source.timer);
  source.due = due;
  source.timer = later(() => refetch(address, source), due - now);
}

// ---------------------------------------------------------------- fetching

/**
 * The addresses that are fetched with this one: « …/blocs/day/ » and « …/blocs/figures/ » become « …/blocs/day,figures/ ».
 * @param {string} address
 */
function batchOf(address) {
  const batched = new Set(parts().filter((part) => "batch" in part.dataset).map(addressOf).filter((each) => !each.includes("?")));
  if (!batched.has(address)) return [address];
  return [address, ...[...batched].filter((each) => each !== address && sources.get(each)?.isStale)];
}

/** @param {string[]} addresses */
function joined(addresses) {
  const [first, ...others] = addresses;
  return first.replace(/[\w-]+(?=\/$)/, (name) => [name, ...others.map((each) => each.split("/").at(-2))].join(","));
}

/**
 * Whether nothing newer is shown than an answer that was requested at this instant: answers may overtake each other.
 * @param {string} address
 * @param {number} at on performance.now()
 */
const isNewest = (address, at) => (sources.get(address)?.shownAt ?? at) <= at;

/** @param {string} address @param {Source} source */
async function refetch(address, source) {
  const addresses = batchOf(address);
  const now = performance.now();
  for (const each of addresses) {
    const found = sources.get(each);
    if (!found) continue;
    cancel(found.timer);
    const goesOn = now - found.fetchedAt <= LONGEST_PAUSE * 1000;
    Object.assign(found, { timer: 0, isStale: false, fetchedAt: now, pauses: goesOn ? found.pauses + 1 : 0 });
  }
  const before = new Set(parts());
  try {
    const headers = { Accept: "text/html", ...(address && { "HX-Request": "true" }) };
    const answer = await fetch(addresses.length > 1 ? joined(addresses) : address || location.href, { headers });
    if (isSignInPage(answer.url)) return;
    if (answer.status >= 500) throw new Error(answer.statusText);
    if (!answer.ok || answer.redirected || answer.status === 204) return; // 204: nothing has changed
    source.failures = 0;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wasAway = isAway();
    if (!address && !checkUser(fresh.body.dataset.user)) return;
    if (wasAway && !isAway()) fetchAll(); // messages to this person alone were missed
    const newest = addresses.filter((each) => isNewest(each, now));
    for (const each of newest) Object.assign(sources.get(each) ?? {}, { shownAt: now });
    for (const part of parts()) {
      const found = newest.includes(addressOf(part)) && fresh.getElementById(part.id);
      if (!found) continue;
      if (!before.has(part)) {
        // Something else has put it there meanwhile, such as the answer to a form, which may be newer.
        fetchSoon(addressOf(part), 0);
        continue;
      }
      morph(part, found);
      window.htmx?.process(part);
    }
    document.body.dispatchEvent(new CustomEvent("live:refetched"));
  } catch {
    const seconds = RETRY_SECONDS[Math.min(source.failures, RETRY_SECONDS.length - 1)];
    source.failures += 1;
    for (const each of addresses) fetchSoon(each, seconds * 1000 * (0.67 + Math.random() * 0.66));
  }
}

function fetchAll() {
  for (const address of new Set(parts().map(addressOf))) fetchSoon(address, 0);
}

/** [data-every]: fetched again after so many seconds. */
function checkAges() {
  later(checkAges, 1000);
  for (const part of document.querySelectorAll("[data-every][data-refetch][id]")) {
    const address = addressOf(part);
    const age = performance.now() - (sources.get(address)?.fetchedAt ?? 0);
    if (age > Number(part.dataset.every) * 1000) fetchSoon(address, 0);
  }
}

function onVisible() {
  for (const [address, source] of sources) {
    if (!source.isStale) continue;
    source.isStale = false;
    cancel(source.timer);
    fetchSoon(address, Math.random() * 300);
  }
}

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
    // An instant that was past when the page was made is not news. One that is still there after its part was
    // fetched was too early, and the part is fetched again, twice at most.
    if (times === 0 && at < now - 60_000) continue;
    if (times > 2) continue;
    soonest = Math.min(soonest, Math.max(at, now + (times ? 2000 * times : 0)));
  }
  if (soonest < Infinity) timer = later(pass, Math.min(soonest - now + MARGIN, LONGEST));
}

function pass() {
  const now = serverNow();
  const passed = new Set();
  for (const element of document.querySelectorAll("[data-refresh-at]")) {
    const at = Date.parse(element.dataset.refreshAt);
    if (!(at <= now && at > now - 120_000) || (fired.get(at) ?? 0) > 2) continue;
    passed.add(at);
    const part = element.closest("[data-refetch][id]");
    if (part) fetchSoon(addressOf(part), Math.random() * SPREAD);
  }
  if (passed.size) dispatch({ type: "clock.passed", data: {} });
  for (const at of passed) fired.set(at, (fired.get(at) ?? 0) + 1);
  scan();
}

export function start() {
  document.body.addEventListener("live", ({ detail }) => onMessage(detail));
  document.body.addEventListener("live:caught-up", ({ detail }) => detail.data.complete || fetchAll());
  document.body.addEventListener("live:signed-in", () => fetchSoon("", 0));
  later(checkAges, 1000);
  // Out of the back/forward cache: hours may have passed, and somebody else may be signed in.
  window.addEventListener("pageshow", ({ persisted }) => persisted && fetchSoon("", 0));
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, scan);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    onVisible();
    scan();
  });
  scan();
}
