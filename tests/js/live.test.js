import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { answer, define, hide, open, pass, serve } from "./page.js";

const window = open(`<p data-live-state></p><p data-fragment="clock"></p><p data-fragment="facade"></p>`, {
  "live-url": "/ws/live/", "poll-url": "/direct/", "live-after": 40, rights: "team:1",
});
document.head.innerHTML = `<script id="translations" type="application/json">{ "lost": "dans {seconds} s", "offline": "hors ligne" }</script>`;

/** What the server does with sockets: up, refusing, silent, or closing with a code. @type {string | number} */
let server = "up";
/** @type {Socket[]} */
const sockets = [];
/** @type {string[]} */
let tried = [];

globalThis.WebSocket = class Socket extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  sent = [];

  constructor(url) {
    super();
    this.url = url.href;
    sockets.push(this);
    tried.push("socket");
    queueMicrotask(() => this.connected());
  }

  connected() {
    if (server === "refusing") this.lose();
    if (typeof server === "number") this.lose(server);
    if (server !== "up") return;
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    this.answer({ type: "live.ready", data: { now: Date.now(), rights: "team:1" } });
    this.answer({ type: "live.resumed", id: 41, data: { complete: true } });
  }

  send(text) {
    const message = JSON.parse(text);
    this.sent.push(message);
    if (server === "up" && message.type === "ping") queueMicrotask(() => this.answer({ ...message, type: "pong", now: Date.now() }));
  }

  close() { this.readyState = 3; }
  answer(message) { this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) })); }

  lose(code = 1006) {
    this.close();
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
};
function unreachable() {
  tried.push("poll");
  throw new TypeError("no network");
}
serve(unreachable);

const socket = () => sockets.at(-1);
const state = () => document.documentElement.dataset.live;
const text = () => document.querySelector("[data-live-state]").textContent;
/** @type {any[]} */
let heard = [];
document.body.addEventListener("live", ({ detail }) => heard.push(detail));

/** @param {string | number} what the server does from now on */
function lose(what) {
  server = what;
  socket().lose();
}

const { start } = await import("../../hackathon/static/js/live.js");
start();
await pass(1000);
beforeEach(() => {
  [heard, tried] = [[], []];
});
afterEach(async () => {
  server = "up";
  serve(unreachable);
  await pass(60_000); // beyond the next attempt
  assert.equal(state(), "live");
});

test("a page asks for what it missed before anything else, and names what it shows", () => {
  assert.equal(socket().url, "wss://ccd.example.org/ws/live/");
  assert.deepEqual(socket().sent[0], {
    type: "resume", after: 40, settled: false, shows: ["clock", "facade"], without: [], language: "fr",
  });
});

test("a message arrives once, however often it is sent", () => {
  const message = { id: 50, type: "team.updated", data: {} };
  socket().answer(message);
  socket().answer(message);

  assert.deepEqual(heard, [message]);
});

test("a lost connection is opened again after a second, and gets what came meanwhile", async () => {
  lose("up");
  assert.deepEqual([state(), text()], ["lost", "dans 1 s"]);

  await pass(1300);

  assert.deepEqual([state(), tried, socket().sent[0].after], ["live", ["socket"], 50]);
  assert.deepEqual(heard, [{ type: "caught-up", data: { complete: true } }]);
});

test("a connection without any answer is lost within 25 seconds", async () => {
  const old = socket();
  server = "silent";

  await pass(25_000);

  assert.equal(old.readyState, 3);
});

test("when the network changes a dead connection is noticed within four seconds", async () => {
  const old = socket();
  server = "silent";
  window.dispatchEvent(new Event("online"));

  await pass(4000);

  assert.equal(old.readyState, 3);
});

test("while the server is away the page tries sockets, and polls now and then", async () => {
  lose("refusing");

  await pass(30_000);

  assert.equal(tried.slice(0, 7).join(" "), "socket socket poll socket socket socket poll");
  assert.ok(!tried.join(" ").includes("poll poll"));
  assert.equal(state(), "lost");
});

test("where only sockets are blocked it polls for the same messages, until one opens", async () => {
  const requests = serve(() => answer({
    now: Date.now(), last: 61, complete: true, fragments: [], rights: "team:1", signed_in: true,
    messages: [{ id: 61, type: "team.updated", data: {} }],
  }));
  lose("refusing");

  await pass(25_000);
  assert.equal(state(), "polling");
  assert.equal(new URL(requests.at(-1).url, location.href).searchParams.get("after"), "61");
  assert.equal(heard.filter(({ id }) => id === 61).length, 1);
  server = "up";
  await pass(15_000);
  const polls = requests.length;
  await pass(20_000);

  assert.deepEqual([state(), requests.length], ["live", polls]);
});

test("a page that was suspended opens a new connection when it is shown", () => {
  const old = socket();
  hide(true);
  mock.timers.setTime(Date.now() + 3600_000);

  hide(false);

  assert.deepEqual([old.readyState, tried], [3, ["socket"]]);
});

test("other rights than those of the page are a message, once", () => {
  for (const rights of ["team:1", "team:2", "team:2", "team:1"]) socket().answer({ type: "live.rights", data: { rights } });

  assert.deepEqual(heard.map(({ type }) => type), ["rights.changed", "rights.changed"]);
});

test("a page that goes away closes its connection, and opens one when it comes back", async () => {
  const old = socket();
  window.dispatchEvent(new Event("pagehide"));
  assert.equal(old.readyState, 3);

  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await pass(10);

  assert.equal(state(), "live");
  assert.equal(heard.at(-1).type, "caught-up");
});

test("without a network the page says so", () => {
  define(navigator, "onLine", false);
  lose("up");

  assert.equal(text(), "hors ligne");
  define(navigator, "onLine", true);
});

for (const code of [4100, 4101]) {
  test(`a server that closes with ${code} is not asked again`, async () => {
    const page = await import(`../../hackathon/static/js/live.js?${code}`); // one that has no socket yet
    server = code;
    tried = [];
    page.start();

    await pass(10_000);
    window.dispatchEvent(new Event("online"));

    assert.deepEqual([state(), tried], ["ended", ["socket"]]);
    document.documentElement.dataset.live = "live";
  });
}
