// One WebSocket per page (docs/live.md). Messages become DOM events `live:<type>` on the body. A lost connection is
// opened again and receives what was missed; where sockets are blocked the page polls, and shows that it does.

import { addRoundTrip, jumped } from "./clock.js";
import { shown } from "./fragments.js";
import * as poll from "./live-poll.js";
import { checkSignedIn, isAway } from "./session.js";
import { cancel, later } from "./ticker.js";
import { translate } from "./translations.js";

const { liveUrl } = document.body.dataset;
const BACKOFF = [1, 2, 4, 8]; // seconds, each plus or minus a third
// Attempts before polling: fewer where no socket has opened yet, since a proxy probably blocks them.
const TRIES = { worked: 3, never: 2 };
// While polling: where a socket has worked the server is probably restarting, elsewhere a proxy blocks it.
const RETRY_SECONDS = { worked: 6, never: 45 };
// While polls have no answer either: a socket costs the server less than a poll, and the page is right within five
// seconds once it is back.
const AWAY_SECONDS = 2;
const OPENING_SECONDS = 10; // a proxy may accept the connection and pass nothing on
const PING_SECONDS = 15;
const FIRST_PINGS = 5;
const SILENCE_SECONDS = 8; // without an answer for so long the connection is dead, even if TCP has not noticed
const URGENT_SECONDS = 2.5; // the same after sleep or a lost network
// Everyone gets it for each deposit, and few pages use it.
const OFTEN_UNUSED = "window.changed";
const USES_IT = '[data-shows~="window"], [data-fragment="facade"], [data-fragment="hero"]';
const ASLEEP_SECONDS = 5; // a timer of one second that takes so long

let lastId = Number(document.body.dataset.liveAfter) || 0;
const seenIds = new Set([lastId]); // the page contains this one
const madeAfter = lastId;
let { rights = "" } = document.body.dataset;

/**
 * @typedef {object} Connection Instants are on performance.now().
 * @property {WebSocket} socket
 * @property {number} openedAt when it was requested
 * @property {number} askedAt when the request was sent that has no answer yet; 0 if there is none
 * @property {number} patience seconds to wait for that answer
 * @property {number} quietSince when the last answer came
 */

/** @type {Connection | null} */
let connection = null;
let failures = 0;
let retry = 0;
let ended = false;
let hasMissed = false; // messages, since a connection was lost
let hasOpened = false;
let lastBeat = performance.now();

// ---------------------------------------------------------------- the page

/** What the page was made for has changed: a role, a team, the edition. @param {string | undefined} now */
function checkRights(now) {
  if (now === undefined || now === rights) return;
  rights = now;
  dispatch({ type: "rights.changed", data: {} });
}

/** @param {string} state @param {string} text */
function show(state, text) {
  for (const pill of document.querySelectorAll("[data-live-state]")) {
    // Screen readers announce each state once, not each second that is left.
    pill.ariaLive = pill.dataset.state === state ? "off" : "polite";
    pill.dataset.state = state;
    if (pill.textContent !== text) pill.textContent = text;
  }
  document.documentElement.dataset.live = state;
}

/** Dispatch on the body: `live` and `live:TYPE`. @param {LiveMessage} message */
export function dispatch(message) {
  document.body.dispatchEvent(new CustomEvent("live", { detail: message }));
  document.body.dispatchEvent(new CustomEvent(`live:${message.type}`, { detail: message }));
}

/** Send if the socket is open; nothing that must arrive. @param {Record<string, unknown>} message */
export function send(message) {
  if (isOpen()) connection?.socket.send(JSON.stringify(message));
}

const isOpen = () => connection?.socket.readyState === WebSocket.OPEN;

/** @param {LiveMessage} message */
function receive(message) {
  if (message.id) {
    // Replays overlap, since ids can be committed out of order.
    if (seenIds.has(message.id)) return;
    seenIds.add(message.id);
    const [oldest] = seenIds;
    if (seenIds.size > 2000) seenIds.delete(oldest);
    lastId = Math.max(lastId, message.id);
  }
  dispatch(message);
}

/**
 * Every message up to `last` has been received, unless `complete` is false: then there were too many to send.
 * @param {number | undefined} last
 */
function caughtUp(last, complete = true) {
  lastId = Math.max(lastId, last ?? 0);
  if (hasMissed || !complete) dispatch({ type: "caught-up", data: { complete } });
  hasMissed = false;
}

// ---------------------------------------------------------------- the socket

function connect() {
  cancel(retry);
  if (ended || connection || !liveUrl) return;
  const url = new URL(liveUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  let socket;
  try {
    socket = new WebSocket(url);
  } catch {
    lost(1006);
    return;
  }
  const now = performance.now();
  const own = { socket, openedAt: now, askedAt: now, patience: OPENING_SECONDS, quietSince: now };
  connection = own;
  // Before the server's first message, so that what was missed comes in the same round trip.
  socket.addEventListener("open", () => own === connection && send(resumption()));
  socket.addEventListener("message", (event) => own === connection && onMessage(JSON.parse(event.data), own));
  socket.addEventListener("close", ({ code }) => own === connection && lost(code));
}

/** What was missed since `lastId`, and the fragments of this page that have changed since. */
const resumption = () => ({
  type: "resume",
  after: lastId,
  // Nothing could be committed late when the page was made, and it has received nothing since.
  settled: "liveSettled" in document.body.dataset && lastId === madeAfter,
  shows: shown(),
  without: document.querySelector(USES_IT) ? [] : [OFTEN_UNUSED],
  language: document.documentElement.lang,
});

/** @param {any} message @param {Connection} own */
function onMessage(message, own) {
  switch (message.type) {
    case "pong":
      addRoundTrip(message.sent, performance.now(), message.now);
      answered(own);
      break;
    case "live.ready":
      // Its id is the newest on the server; this page has lastId.
      addRoundTrip(own.openedAt, performance.now(), message.data.now);
      opened(own);
      checkSignedIn(message.data.signed_in);
      checkRights(message.data.rights);
      break;
    case "live.rights":
      checkRights(message.data.rights);
      break;
    case "live.resumed":
      caughtUp(message.id, message.data.complete);
      break;
    default:
      receive(message);
  }
}

/** @param {Connection} own */
function opened(own) {
  hasOpened = true;
  failures = 0;
  poll.stop();
  answered(own);
  show("live", translate("live"));
  pings(FIRST_PINGS);
}

/** @param {Connection} own */
function answered(own) {
  own.askedAt = 0;
  own.patience = SILENCE_SECONDS;
  own.quietSince = performance.now();
}

/** @param {number} count */
function pings(count) {
  for (let n = 0; n < count; n++) later(ping, 150 * n);
}

function ping() {
  if (!connection || !isOpen()) return;
  const sent = performance.now();
  connection.askedAt ||= sent;
  send({ type: "ping", sent });
}

/** Close the socket without waiting for its `close` event, which may come much later or never. */
function drop() {
  const own = connection;
  connection = null;
  own?.socket.close();
}

// ---------------------------------------------------------------- when it is lost

// So that 400 pages do not connect in the same instant.
const jitter = () => 0.67 + Math.random() * 0.66;

/** @param {number} code of the close event */
function lost(code) {
  drop();
  hasMissed ||= !poll.isOn(); // polling receives everything
  // 4100 to 4199: the server asks not to connect again.
  if (code >= 4100 && code <= 4199) {
    ended = true;
    poll.stop();
    show("ended", translate("ended"));
    return;
  }
  failures += 1;
  const kind = hasOpened ? "worked" : "never";
  if (failures >= TRIES[kind]) {
    // A poll now and then, in case only sockets do not get through.
    if (poll.isUnanswered() && failures % TRIES.worked && reconnectSoon()) return;
    poll.start({ after: () => lastId, receive, caughtUp, checkRights, connect, reconnectSoon, show });
    retry = later(connect, RETRY_SECONDS[kind] * 1000 * jitter());
    return;
  }
  const step = BACKOFF[Math.min(failures - 1, BACKOFF.length - 1)];
  waitUntil(performance.now() + step * 1000 * jitter());
}

/** Where a socket has worked the next attempt is a socket; whether it is. */
function reconnectSoon() {
  if (!hasOpened || document.hidden) return false;
  cancel(retry);
  retry = later(connect, AWAY_SECONDS * 1000 * jitter());
  return true;
}

/** @param {number} at on performance.now() */
function waitUntil(at) {
  const left = Math.ceil((at - performance.now()) / 1000);
  if (left <= 0) {
    show("lost", translate(navigator.onLine ? "reconnecting" : "offline"));
    connect();
    return;
  }
  show("lost", navigator.onLine ? translate("lost", { seconds: left }) : translate("offline"));
  retry = later(() => waitUntil(at), 250);
}

/** The network is back, the page is visible or the machine woke: check the connection now. */
function hurry({ slept = false } = {}) {
  if (ended) return;
  // Without any answer for longer than pings allow, this page was suspended, and the server has probably closed.
  const quiet = connection ? performance.now() - connection.quietSince : 0;
  const isStale = slept || quiet > (PING_SECONDS + SILENCE_SECONDS) * 1000;
  hasMissed ||= isStale;
  if (isStale || isAway()) drop(); // while signed out: the person may have signed in again in another tab
  if (connection) {
    if (isOpen()) {
      connection.patience = URGENT_SECONDS;
      pings(FIRST_PINGS);
    }
    return;
  }
  poll.hurry();
  connect();
}

/** Once a second: check the connection, and whether the machine slept. */
function beat() {
  later(beat, 1000);
  const now = performance.now();
  const slept = now - lastBeat > ASLEEP_SECONDS * 1000;
  lastBeat = now;
  if (jumped() || slept) hurry({ slept: true });
  if (!connection) return;
  const { askedAt, patience, quietSince } = connection;
  if (askedAt && now - askedAt > patience * 1000) lost(1006);
  else if (!askedAt && now - quietSince > PING_SECONDS * 1000) ping();
}

// An open socket would keep the page out of the browser's back/forward cache.
function rest() {
  cancel(retry);
  poll.stop();
  drop();
}

export function start() {
  if (!liveUrl) return;
  show("connecting", translate("connecting"));
  for (const type of ["online", "offline"]) window.addEventListener(type, () => hurry());
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  document.addEventListener("resume", () => hurry());
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    hasMissed = true;
    hurry();
  });
  connect();
  beat();
}
