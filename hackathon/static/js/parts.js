// How a page stays right (docs/live.md). A part is an element with an id and [data-shows], the nouns that it shows. It is
// stale when a message has one of these nouns (`team.updated` has `team`), when an instant in it has passed (instants.js), or
// when messages were missed. A stale part is fetched from [data-src], else from the address of the page, and changed into its
// new version without losing what the person did (morph.js). Parts with the same address are fetched in one request.
// An empty part with an address is fetched once the page is there. A hidden page fetches nothing; once it is visible it
// fetches once.

import { isEmpty, morph } from "./morph.js";
import { checkUser, isAway, isSignInPage } from "./session.js";
import { cancel, later } from "./ticker.js";

/**
 * @typedef {object} Pace
 * @property {number} gather ms before a fetch: a deposit is several messages
 * @property {number | null} spread ms over which pages fetch; null: as the message says
 * @property {number[]} pauses ms between two fetches; each one that follows soon waits for the next pause
 */
/** @type {Record<string, Pace>} by [data-pace] */
const PACES = {
  usual: { gather: 250, spread: null, pauses: [250, 2000, 3000] }, // hundreds of people have it open
  now: { gather: 250, spread: 0, pauses: [700] }, // few people, who watch it
  stage: { gather: 30, spread: 0, pauses: [700] }, // an amphitheatre watches it
  slow: { gather: 250, spread: 1500, pauses: [8000] }, // it may be late, and is expensive for the server
};
const SPREAD = 1250; // ms; if the message does not say it
const SOON = 4000; // ms; a fetch after a longer quiet time has the first pause again
const TIMEOUT = 20_000; // ms
const ANSWER = 60_000; // ms; longer than the server works on a form
const RETRIES = [1000, 2000, 5000, 10_000, 20_000]; // ms

/**
 * What is fetched from one address. Instants are on performance.now().
 * @typedef {object} Source
 * @property {boolean} isStale
 * @property {Set<string>} ids of its parts that are stale
 * @property {number} timer of the next fetch; 0 while there is none
 * @property {number} due when it is fetched
 * @property {number} fetchedAt
 * @property {number} pauses how many fetches followed each other soon
 * @property {number} failures
 */
/** @type {Map<string, Source>} by address; that of the page is "" */
const sources = new Map();
let answerUntil = 0; // on performance.now(): a form was sent whose answer is the next page
/** @type {Map<string, number>} by id: when the answer was requested that the part shows */
const shownAt = new Map();

/** @returns {HTMLElement[]} */
const parts = () => [...document.querySelectorAll("[data-shows][id]")];

/** @param {HTMLElement} part */
const addressOf = (part) => part.dataset.src ?? "";

/** @param {string} address */
const partsOf = (address) => parts().filter((part) => addressOf(part) === address);

/** @param {string} address */
const isOnStage = (address) => partsOf(address).some(({ dataset }) => dataset.pace === "stage");

/** @param {HTMLElement | undefined} part */
const paceOf = (part) => PACES[part?.dataset.pace ?? "usual"];

/** @param {string} address @returns {Source} */
function sourceOf(address) {
  const source = sources.get(address);
  if (source) return source;
  const fresh = { isStale: false, ids: new Set(), timer: 0, due: 0, fetchedAt: -Infinity, pauses: 0, failures: 0 };
  sources.set(address, fresh);
  return fresh;
}

// ---------------------------------------------------------------- what makes a part stale

/** @param {LiveMessage} message */
function onMessage({ id, type, data, spread }) {
  // Not for a message that was sent again (live.js) and was there when the page was made: a reload loses filters and forms.
  const isNew = !id || id > Number(document.body.dataset.liveAfter ?? 0);
  if (type === "edition.changed" && data.changed?.includes("is_current") && isNew) reloadSoon(spread ?? SPREAD);
  const [noun] = type.split(".");
  for (const part of parts()) {
    const shows = (part.dataset.shows ?? "").split(/\s+/);
    // « edition.timezone » is stale only if this field has changed.
    const isShown = shows.includes(noun) || shows.some((each) => each.startsWith(`${noun}.`) && concerns(each, data));
    if (isShown) stale(part, Math.random() * (paceOf(part).spread ?? spread ?? SPREAD));
  }
}

/** @param {string} field with its noun @param {any} data */
const concerns = (field, data) => !data.changed || data.changed.includes(field.split(".")[1]);

/**
 * The site shows another edition, or none: every page is another one. Not while somebody types, nor while the answer to a form
 * is awaited, which a reload would throw away.
 * @param {number} ms
 */
function reloadSoon(ms) {
  if (document.activeElement?.matches("input, textarea, select")) return;
  later(() => (performance.now() < answerUntil ? reloadSoon(TIMEOUT) : location.reload()), Math.random() * ms);
}

/** An instant in this part has passed. It is fetched whenever the last fetch was. @param {HTMLElement} part */
export function passed(part) {
  stale(part, Math.random() * (paceOf(part).spread ?? SPREAD), { pauses: false });
}

/**
 * Fetch this part in `ms` milliseconds, or later if it was fetched just now.
 * @param {HTMLElement} part
 * @param {number} [ms]
 */
export function stale(part, ms = 0, { pauses = true } = {}) {
  const address = addressOf(part);
  sourceOf(address).ids.add(part.id);
  fetchSoon(address, paceOf(part), ms, pauses);
}

function allStale() {
  for (const part of parts()) stale(part);
}

// ---------------------------------------------------------------- when it is fetched

/** @param {string} address @param {Pace} pace @param {number} ms @param {boolean} [pauses] */
function fetchSoon(address, pace, ms, pauses = true) {
  const source = sourceOf(address);
  const now = performance.now();
  const pause = pauses ? source.fetchedAt + pace.pauses[Math.min(source.pauses, pace.pauses.length - 1)] : 0;
  const due = Math.max(now + pace.gather + ms, pause);
  const isAsked = source.isStale && source.timer; // a burst of messages must not delay it
  if (isAsked && (pauses || due >= source.due)) return;
  source.isStale = true;
  if (document.hidden) return;
  cancel(source.timer);
  source.due = due;
  source.timer = later(() => refetch(address, source), due - now);
}

function onVisible() {
  for (const [address, source] of sources) {
    if (!source.isStale) continue;
    cancel(source.timer);
    source.timer = 0;
    fetchSoon(address, paceOf(partsOf(address)[0]), Math.random() * 300);
  }
}

/** @param {string} address @param {Source} source */
async function refetch(address, source) {
  const now = performance.now();
  const ids = [...source.ids];
  const goesOn = now - source.fetchedAt <= SOON;
  cancel(source.timer);
  Object.assign(source, { isStale: false, timer: 0, fetchedAt: now, pauses: goesOn ? source.pauses + 1 : 0 });
  source.ids.clear(); // before the request: what becomes stale while it is under way is asked for again
  const before = new Set(partsOf(address));
  try {
    const text = await answerOf(address, ids);
    source.failures = 0;
    if (text !== null) show(address, text, { before, now });
  } catch {
    const ms = RETRIES[Math.min(source.failures, RETRIES.length - 1)];
    source.failures += 1;
    for (const id of ids) source.ids.add(id);
    fetchSoon(address, PACES.now, ms * (0.67 + Math.random() * 0.66));
  }
}

/**
 * The page, or these parts; null if there is nothing to show. Throws if it should be asked for again.
 * @param {string} address
 * @param {string[]} ids
 */
async function answerOf(address, ids) {
  const url = address && `${address}${address.includes("?") ? "&" : "?"}parts=${ids.join(",")}`;
  const headers = { Accept: "text/html", ...(address && { "HX-Request": "true" }) };
  const answer = await fetch(url || location.href, { headers, signal: AbortSignal.timeout?.(TIMEOUT) });
  if (isSignInPage(answer.url)) return null;
  if (answer.status >= 500) throw new Error(answer.statusText);
  if (answer.status === 204) return null; // nothing has changed
  const text = answer.ok && !answer.redirected ? await answer.text() : null;
  // A projector is unattended: it asks again until it has its stage, also after the sign-in page of a Wi-Fi network.
  if (isOnStage(address) && !ids.some((id) => text?.includes(`id="${id}"`))) throw new Error("no stage");
  return text;
}

// ---------------------------------------------------------------- what the page becomes

/**
 * @param {string} address
 * @param {string} text
 * @param {{before: Set<HTMLElement>, now: number}} asked the parts that were there then
 */
function show(address, text, { before, now }) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const wasAway = isAway();
  if (!address && !checkUser(fresh.body.dataset.user)) return;
  if (wasAway && !isAway()) allStale(); // messages to this person alone were missed
  for (const part of partsOf(address)) {
    const newer = fresh.getElementById(part.id);
    const isOlder = (shownAt.get(part.id) ?? now) > now; // answers may overtake each other
    if (!newer || isOlder) continue;
    if (!before.has(part)) {
      // Something else has put it there meanwhile, such as the answer to a form, which may be newer.
      stale(part);
      continue;
    }
    shownAt.set(part.id, now);
    morph(part, newer);
    window.htmx?.process(document.getElementById(part.id));
  }
  document.body.dispatchEvent(new CustomEvent("live:refetched", { detail: { address, text } }));
}

export function start() {
  document.body.addEventListener("live", ({ detail }) => onMessage(detail));
  document.body.addEventListener("live:caught-up", ({ detail }) => detail.data.complete || allStale());
  document.body.addEventListener("live:signed-in", () => fetchSoon("", PACES.usual, 0));
  // Out of the back/forward cache: hours may have passed, and somebody else may be signed in.
  window.addEventListener("pageshow", ({ persisted }) => persisted && fetchSoon("", PACES.usual, 0));
  document.addEventListener("visibilitychange", () => document.hidden || onVisible());
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) answerUntil = performance.now() + ANSWER;
  });
  for (const part of parts()) if (part.dataset.src && isEmpty(part)) stale(part);
}
