// hackathon/static/offline/stored.js, as a service worker loads it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, mock, test } from "node:test";
import vm from "node:vm";

import { Caches } from "./storage.js";

const HOME = "https://ccd.example.org/jury/";
const FILE = "https://ccd.example.org/static/js/main.0123456789ab.js";
const code = readFileSync(new URL("../../hackathon/static/offline/stored.js", import.meta.url), "utf8");
mock.timers.enable({ apis: ["Date"], now: 1_600_000_000_000 });
/** @type {string[]} */
const listened = [];
/** @type {number[]} */
let waits = [];
/** @type {any} */
let reply;
const worker = vm.createContext({
  DOMException, Date, Headers, Response, URL, AbortSignal: { timeout: (ms) => waits.push(ms) && AbortSignal.abort() },
  addEventListener: (type) => listened.push(type),
  fetch: async (request, options = {}) => {
    asked.push([request.url ?? request, Boolean(options.signal)]);
    return reply();
  },
});
worker.self = worker;
const keptAt = vm.runInContext(`${code}; keptAt`, worker);
/** @type {[string, boolean][]} address, and whether it gives up */
let asked = [];
/** @type {any} */
let cache;
const request = { url: HOME };
const page = (now) => new Response(`<body data-now="${now}">`, { status: 200, headers: { "Content-Length": "22", "X-Own": "1" } });
const away = () => { throw new TypeError("no network"); };
const textOf = async (answer) => (await answer).text();

beforeEach(async () => {
  cache = await new Caches().open("pages");
  [waits, asked, reply] = [[], [], away];
});

test("a new version of a worker serves the open pages at once", () => {
  assert.deepEqual(listened, ["install", "activate"]);
});

test("a stored page is shown with the server's time moved on", async () => {
  await worker.keep(cache, HOME, page(5000));
  mock.timers.tick(90_000);
  const stored = await cache.match(HOME);

  assert.equal(keptAt(stored), Date.now() - 90_000);
  assert.deepEqual([stored.headers.get("Content-Length"), stored.headers.get("X-Own")], [null, "1"]);
  assert.equal(await textOf(worker.aged(stored.clone())), `<body data-now="95000">`);
  assert.equal(await textOf(worker.aged(stored, (text) => text.replace("body", "main"))), `<main data-now="95000">`);
});

test("a page that was stored without its instant keeps its time", async () => {
  assert.equal(await textOf(worker.aged(page(5000))), `<body data-now="5000">`);
});

test("the server's answer counts, and something else is shown only where there is none, or an error of the server", async () => {
  const instead = () => new Response("stored");
  for (const [answer, wanted] of [
    [() => new Response("fresh"), "fresh"], [() => new Response("not found", { status: 404 }), "not found"],
    [() => new Response("error", { status: 502 }), "stored"], [away, "stored"],
  ]) {
    reply = answer;
    assert.equal(await textOf(worker.answerOf(request, { instead })), wanted);
  }
  assert.deepEqual(waits, [4000, 4000, 4000, 4000]);
});

test("where nothing is stored the page waits, and gets the error itself", async () => {
  reply = () => new Response("error", { status: 502 });
  assert.equal(await textOf(worker.answerOf(request, {})), "error");
  reply = away;
  await assert.rejects(worker.answerOf(request, {}), TypeError);

  assert.deepEqual(waits, []);
});

test("a page is shown although the disk is full", async () => {
  reply = () => page(1);
  const receive = () => { throw new DOMException("full", "QuotaExceededError"); };

  assert.equal(await textOf(worker.answerOf(request, { receive, instead: () => new Response("stored") })), `<body data-now="1">`);
});

test("an answer that breaks off is none", async () => {
  reply = () => new Response(new ReadableStream({ start: (body) => body.error(new DOMException("late", "TimeoutError")) }));
  const receive = (answer) => worker.keep(cache, HOME, answer.clone());

  assert.equal(await textOf(worker.answerOf(request, { receive, instead: () => new Response("stored") })), "stored");
  await assert.rejects(worker.answerOf(request, { receive }), { name: "TimeoutError" });
  assert.deepEqual(await cache.keys(), []);
});

test("a static file with a hash in its name comes from the disk, another one only without a network", async () => {
  await cache.put(FILE, new Response("stored"));
  await cache.put(HOME, new Response("stored"));
  reply = () => new Response("fresh");

  assert.equal(await textOf(worker.fileOf(cache, { url: FILE })), "stored");
  assert.equal(await textOf(worker.fileOf(cache, request)), "fresh");
  reply = away;
  assert.equal(await textOf(worker.fileOf(cache, request)), "stored");
  await assert.rejects(worker.fileOf(cache, { url: `${HOME}other` }), TypeError);
});

test("the files of a page are stored, and those of its former version deleted", async () => {
  const former = FILE.replace("0123456789ab", "ba9876543210");
  for (const url of [HOME, FILE, former]) await cache.put(url, new Response("x"));
  globalThis.fetch = async () => new Response("new");

  await worker.keepFiles(cache, [FILE, `${FILE}2`]);

  assert.deepEqual((await cache.keys()).map(({ url }) => url), [HOME, FILE, `${FILE}2`]);
});
