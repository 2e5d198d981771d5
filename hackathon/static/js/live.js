// One socket per page (docs/live.md). Messages become DOM events `live:<type>` on the body. A lost connection
// comes back by itself with what was missed; where sockets are blocked the page polls and says so.

import { heard, jumped } from "./clock.js";
import * as poll from "./live-poll.js";
import { heardAs, isAway } from "./session.js";
import { cancel, later } from "./ticker.js";
import { say } from "./words.js";

const { liveUrl } = document.body.dataset;
const BACKOFF = [1, 2, 4, 8]; // seconds, each more or less a third
// A few tries, then polling; where no socket ever opened something on the way forbids them, and soon tells.
const TRIES = { worked: 3, never: 2 };
// While polling: where a socket has worked the server is only restarting, elsewhere a proxy forbids it.
const RETRY_SECONDS = { worked: 6, never: 45 };
const OPENING_SECONDS = 10; // a proxy that swallows the greeting
const PING_SECONDS = 15;
const FIRST_PINGS = 5;
const SILENCE_SECONDS = 8; // unanswered for so long: the connection is dead, whatever TCP says
const URGENT_SECONDS = 2.5; // the same after sleep or a lost network, when it probably is
const ASLEEP_SECONDS = 5; // a second that lasts so long
const IN_FLIGHT = 1000; // ms; what was being written while a part was read has an earlier instant

let lastId = Number(document.body.dataset.liveAfter) || 0;
const seenIds = new Set([lastId]); // the page was made with this one
const madeAfter = lastId;
const madeAt = Number(document.body.dataset.now) || 0;
let partsMadeAt = 0;
let socket = null;
let failures = 0;
let retry = 0;
let ended = false;
let everLost = false;
let everOpen = false;
let beaten = performance.now();

// ---------------------------------------------------------------- what is told to the page

function show(state, text) {
  for (const pill of document.querySelectorAll("[data-live-state]")) {
    // Each state is read out once, not each second that is left.
    pill.ariaLive = pill.dataset.state === state ? "off" : "polite";
    pill.dataset.state = state;
    if (pill.textContent !== text) pill.textContent = text;
  }
  document.documentElement.dataset.live = state;
}

/**
 * Whether a message is newer than what the page shows. A replay overlaps what was there when the page was made:
 * as a reason to look again it does no harm, but an older deadline must not come back for a moment.
 */
export const isNewer = ({ id, at }) =>
  (id > madeAfter || Date.parse(at) >= madeAt) && Date.parse(at) >= partsMadeAt;

/** Dispatch on the body, where htmx listens with `hx-trigger="live:… from:body"`. */
export function dispatch(message) {
  document.body.dispatchEvent(new CustomEvent(`live:${message.type}`, { detail: message }));
}

/** Say something to the server, if the line is open: nothing that must arrive. */
export function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function receive(message) {
  if (message.id) {
    // Replays overlap, since ids can commit out of order: what was seen is dropped here.
    if (seenIds.has(message.id)) return;
    seenIds.add(message.id);
    if (seenIds.size > 2000) seenIds.delete(seenIds.values().next().value);
    lastId = Math.max(lastId, message.id);
  }
  dispatch(message);
}

/** What was told up to `last` has been delivered; all of it, unless `complete` is false. */
function caughtUp(last, complete = true) {
  lastId = Math.max(lastId, last ?? 0);
  if (everLost || !complete) dispatch({ type: "caught-up", data: { complete } });
  everLost = false;
}

// ---------------------------------------------------------------- the socket

function connect() {
  cancel(retry);
  if (ended || socket) return;
  const url = new URL(liveUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  try {
    socket = new WebSocket(url);
  } catch {
    lost(1006);
    return;
  }
  const own = socket;
  own.sent = performance.now();
  own.asked = own.sent; // when what is not answered yet was asked: the greeting
  own.patience = OPENING_SECONDS;
  // At once, and not when greeted: what was missed comes with the greeting, in the same round trip.
  own.addEventListener("open", () => own === socket && send({ type: "resume", after: lastId }));
  own.addEventListener("message", (event) => own === socket && onMessage(JSON.parse(event.data)));
  own.addEventListener("close", ({ code }) => own === socket && lost(code));
}

function onMessage(message) {
  switch (message.type) {
    case "pong":
      heard(message.sent, performance.now(), message.now);
      answered();
      break;
    case "live.ready":
      // Its id is the newest there is, not one we have: what we have is lastId.
      heard(socket.sent, performance.now(), message.data.now);
      opened();
      heardAs(message.data.signed_in);
      break;
    case "live.resumed":
      caughtUp(message.id, message.data.complete);
      break;
    default:
      receive(message);
  }
}

function opened() {
  everOpen = true;
  failures = 0;
  poll.stop();
  answered();
  show("live", say("live"));
  pings(FIRST_PINGS);
}

function answered() {
  socket.asked = 0;
  socket.patience = SILENCE_SECONDS;
  socket.quietSince = performance.now();
}

function pings(count) {
  for (let n = 0; n < count; n++) later(ping, 150 * n);
}

function ping() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const sent = performance.now();
  socket.asked ||= sent;
  send({ type: "ping", sent });
}

/** Leave the socket. The browser may tell of its end much later, or never. */
function drop() {
  const own = socket;
  socket = null;
  own?.close();
}

// ---------------------------------------------------------------- when it is lost

// A whole room must not come back in the same instant.
const jitter = () => 0.67 + Math.random() * 0.66;

function lost(code) {
  drop();
  everLost ||= !poll.isOn(); // what polls has missed nothing
  // 4100 to 4199: the server does not want us back. Everything else ends by coming back.
  if (code >= 4100 && code <= 4199) {
    ended = true;
    poll.stop();
    show("ended", say("ended"));
    return;
  }
  failures += 1;
  const kind = everOpen ? "worked" : "never";
  if (failures >= TRIES[kind]) {
    poll.start({ after: () => lastId, receive, caughtUp, show });
    retry = later(connect, RETRY_SECONDS[kind] * 1000 * jitter());
    return;
  }
  const step = BACKOFF[Math.min(failures - 1, BACKOFF.length - 1)];
  waitUntil(performance.now() + step * 1000 * jitter());
}

function waitUntil(at) {
  const left = Math.ceil((at - performance.now()) / 1000);
  if (left <= 0) {
    show("lost", say(navigator.onLine ? "reconnecting" : "offline"));
    connect();
    return;
  }
  show("lost", navigator.onLine ? say("lost", { seconds: left }) : say("offline"));
  retry = later(() => waitUntil(at), 250);
}

/** Something happened: the network is back, the page is shown, the machine woke. Look now, not later. */
function hurry({ slept = false } = {}) {
  if (ended) return;
  // Nothing was heard, not even the answer to a ping, for longer than can be: we were stopped, and the other
  // side has probably hung up. Asking it would only take time.
  const isStale = slept || performance.now() - socket?.quietSince > (PING_SECONDS + SILENCE_SECONDS) * 1000;
  everLost ||= isStale;
  if (isStale || isAway()) drop(); // where it waits for its person: they may have signed in again in another tab
  if (socket) {
    if (socket.readyState === WebSocket.OPEN) {
      socket.patience = URGENT_SECONDS;
      pings(FIRST_PINGS);
    }
    return;
  }
  poll.hurry();
  connect();
}

// Once a second: is the other side there, did we sleep?
function beat() {
  later(beat, 1000);
  const now = performance.now();
  const slept = now - beaten > ASLEEP_SECONDS * 1000;
  beaten = now;
  if (jumped() || slept) hurry({ slept: true });
  if (!socket) return;
  if (socket.asked && now - socket.asked > socket.patience * 1000) lost(1006);
  else if (!socket.asked && now - socket.quietSince > PING_SECONDS * 1000) ping();
}

// The page goes to the browser's cache, or away: an open socket would keep it from being kept.
function rest() {
  cancel(retry);
  poll.stop();
  drop();
}

export function start() {
  if (!liveUrl) return;
  show("connecting", say("connecting"));
  document.body.addEventListener("live:refetched", ({ detail }) => {
    partsMadeAt = Math.max(partsMadeAt, (detail.madeAt || 0) - IN_FLIGHT);
  });
  for (const type of ["online", "offline"]) window.addEventListener(type, () => hurry());
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  document.addEventListener("resume", () => hurry());
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    everLost = true;
    hurry();
  });
  connect();
  beat();
}
