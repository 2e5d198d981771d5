// One socket per page. Messages become DOM events `live:<type>` on the body. A lost connection comes back
// by itself and asks for what it missed; where sockets are blocked the page polls and says so.

import { heard, sleptSince } from "./clock.js";
import { say } from "./words.js";

const { liveUrl, pollUrl } = document.body.dataset;
const BACKOFF = [1, 2, 3, 5, 8, 13]; // seconds, each more or less a third
const FAILURES_BEFORE_POLLING = 4;
const POLL_SECONDS = 5;
// While polling: where a socket has worked the server is only restarting, elsewhere a proxy forbids it.
const RETRY_SECONDS = { worked: 6, never: 45 };
const PING_SECONDS = 20;
const FIRST_PINGS = 5;
const SILENCE_SECONDS = 12; // a ping unanswered for so long: the connection is dead, whatever TCP says

let lastId = Number(document.body.dataset.liveAfter) || 0;
const seenIds = new Set([lastId]); // the page was made with this one
let socket = null;
let failures = 0;
let timers = [];
let pollTimer = 0;
let retryTimer = 0;
let ended = false;
let everLost = false;
let everOpen = false;

function show(state, text) {
  for (const pill of document.querySelectorAll("[data-live-state]")) {
    pill.dataset.state = state;
    if (pill.textContent !== text) pill.textContent = text;
  }
  document.documentElement.dataset.live = state;
}

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

function onMessage(event) {
  const message = JSON.parse(event.data);
  switch (message.type) {
    case "pong":
      heard(message.sent, performance.now(), message.now);
      socket.unanswered = 0;
      break;
    case "live.ready":
      // Its id is the newest there is, not one we have: what we have is lastId.
      socket.send(JSON.stringify({ type: "resume", after: lastId }));
      opened();
      break;
    case "live.resumed":
      lastId = Math.max(lastId, message.id ?? 0);
      if (everLost) dispatch({ type: "caught-up", data: {} });
      break;
    default:
      receive(message);
  }
}

function opened() {
  everOpen = true;
  failures = 0;
  stopPolling();
  show("live", say("live"));
  for (let n = 0; n < FIRST_PINGS; n++) timers.push(setTimeout(ping, 150 * n));
  timers.push(setInterval(ping, PING_SECONDS * 1000));
}

function ping() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const at = performance.now();
  if (socket.unanswered && at - socket.unanswered > SILENCE_SECONDS * 1000) {
    socket.close();
    onClose({ code: 1006 });
    return;
  }
  socket.unanswered ||= at;
  socket.send(JSON.stringify({ type: "ping", sent: at }));
}

function connect() {
  clearTimeout(retryTimer);
  retryTimer = 0;
  if (ended || socket) return;
  const url = new URL(liveUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  try {
    socket = new WebSocket(url);
  } catch {
    onClose({ code: 1006 });
    return;
  }
  const own = socket;
  own.addEventListener("message", (event) => own === socket && onMessage(event));
  own.addEventListener("close", (event) => own === socket && onClose(event));
}

function onClose({ code }) {
  timers.forEach(clearTimeout); // one number space for timeouts and intervals
  timers = [];
  socket = null;
  everLost = true;
  if (code >= 4100 && code <= 4199) {
    ended = true;
    show("ended", say("ended"));
    return;
  }
  failures += 1;
  if (failures >= FAILURES_BEFORE_POLLING) {
    startPolling();
    retryTimer = setTimeout(connect, (everOpen ? RETRY_SECONDS.worked : RETRY_SECONDS.never) * 1000 * jitter());
    return;
  }
  const step = BACKOFF[Math.min(failures - 1, BACKOFF.length - 1)];
  waitAndConnect(Math.max(1, step * jitter()));
}

// A whole room must not come back in the same instant.
const jitter = () => 0.67 + Math.random() * 0.66;

function waitAndConnect(seconds) {
  const at = performance.now() + seconds * 1000;
  const count = () => {
    const left = Math.ceil((at - performance.now()) / 1000);
    if (left <= 0) {
      show("lost", say("reconnecting"));
      connect();
      return;
    }
    show("lost", say("lost", { seconds: left }));
    retryTimer = setTimeout(count, 250);
  };
  count();
}

function startPolling() {
  show("polling", say("polling", { seconds: POLL_SECONDS }));
  if (!pollTimer) poll();
}

function stopPolling() {
  clearTimeout(pollTimer);
  pollTimer = 0;
}

async function poll() {
  pollTimer = setTimeout(poll, POLL_SECONDS * 1000);
  const sent = performance.now();
  try {
    const answer = await fetch(`${pollUrl}?after=${lastId}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const { now, last, messages } = await answer.json();
    heard(sent, performance.now(), now);
    messages.forEach(receive);
    lastId = Math.max(lastId, last ?? 0);
    if (pollTimer) show("polling", say("polling", { seconds: POLL_SECONDS }));
  } catch {
    if (pollTimer) show("lost", say("offline"));
  }
}

function hurry() {
  if (ended || socket || document.hidden) return;
  failures = Math.min(failures, FAILURES_BEFORE_POLLING - 1);
  connect();
}

export function start() {
  if (!liveUrl) return;
  show("connecting", say("connecting"));
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (sleptSince() && socket) for (let n = 0; n < FIRST_PINGS; n++) setTimeout(ping, 100 * n);
    hurry();
  });
  // The page may come back from the browser's cache, hours old: what it shows is not to be trusted.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  connect();
}

