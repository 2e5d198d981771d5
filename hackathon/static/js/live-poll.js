// Where WebSockets are blocked: asks for the same messages every few seconds. The answers also correct the clock.

import { addRoundTrip, uncertainty } from "./clock.js";
import { receive, shown } from "./fragments.js";
import { checkSignedIn } from "./session.js";
import { cancel, later } from "./ticker.js";
import { translate } from "./translations.js";

const { pollUrl = "" } = document.body.dataset;
const SECONDS = 5;
const AWAY_SECONDS = 3; // without an answer, where no socket has worked
const HIDDEN_SECONDS = 30; // once the page is visible again it asks at once
const TIMEOUT = 10_000; // ms
const CLOCK_REQUESTS = 4; // the fastest round trip counts
const SURE = 100; // ms; the clock of a page that had a socket is synchronized

/**
 * @typedef {object} Connection
 * @property {() => number} after id of the last message
 * @property {(message: LiveMessage) => void} receive
 * @property {(last: number, complete?: boolean) => void} caughtUp
 * @property {(rights: string) => void} checkRights
 * @property {() => void} connect try a socket now
 * @property {() => boolean} reconnectSoon the server did not answer; true if a socket is tried next, and not a poll
 * @property {(state: string, text: string) => void} show
 */

/** @type {Connection | null} */
let page = null;
let timer = 0;
let asking = false;
let unanswered = false; // the last request

/** Begin to poll; ask now if it has begun and the server did not answer. @param {Connection} connection */
export function start(connection) {
  if (page) {
    if (unanswered && !document.hidden) hurry();
    return;
  }
  page = connection;
  connection.show("polling", translate("polling", { seconds: SECONDS }));
  ask();
  for (let n = 1; n <= CLOCK_REQUESTS; n++) later(askTime, 300 * n);
}

/** The socket is back, or the page goes away. */
export function stop() {
  page = null;
  unanswered = false;
  cancel(timer);
}

/** Whether it polls. */
export const isOn = () => page !== null;

/** Whether it polls and the server did not answer the last time. */
export const isUnanswered = () => unanswered;

/** Ask now. */
export function hurry() {
  if (page && !asking) ask();
}

/** Pages may start and stop while a request is under way. */
const current = () => page;

async function ask() {
  cancel(timer);
  if (!page) return;
  asking = true;
  let seconds = SECONDS;
  try {
    const query = new URLSearchParams({ after: String(page.after()), shows: shown().join(",") });
    const { last, messages, complete, fragments, rights, signed_in: signedIn } = await get(`?${query}`);
    if (!current()) return; // a socket has opened and receives the same
    if (unanswered) page.connect();
    unanswered = false;
    messages.forEach(page.receive);
    for (const html of fragments) receive(html);
    current()?.caughtUp(last, complete);
    current()?.checkRights(rights);
    current()?.show("polling", translate("polling", { seconds: SECONDS }));
    checkSignedIn(signedIn);
  } catch {
    unanswered = current() !== null;
    seconds = current()?.reconnectSoon() ? 0 : AWAY_SECONDS;
    current()?.show("lost", translate(navigator.onLine ? "reconnecting" : "offline"));
  } finally {
    asking = false;
    if (document.hidden) seconds = HIDDEN_SECONDS;
    if (current() && seconds) timer = later(ask, seconds * 1000 * (0.8 + Math.random() * 0.4));
  }
}

/** @param {string} query */
async function get(query) {
  const sent = performance.now();
  const answer = await fetch(pollUrl + query, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout?.(TIMEOUT),
  });
  const received = performance.now();
  if (!answer.ok) throw new Error(answer.statusText);
  const content = await answer.json();
  addRoundTrip(sent, received, content.now);
  return content;
}

function askTime() {
  if (page && uncertainty() > SURE) get("").catch(() => {}); // the next one will do
}
