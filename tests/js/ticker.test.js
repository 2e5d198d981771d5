import assert from "node:assert/strict";
import { test } from "node:test";

import { hide, open, pass } from "./page.js";

open("");
/** @type {Worker[]} */
const workers = [];
globalThis.Worker = class extends EventTarget {
  sent = [];

  constructor(url) {
    super();
    this.name = url.pathname.split("/").at(-1);
    workers.push(this);
  }

  postMessage = (message) => this.sent.push(message);
  terminate() { this.terminated = true; }
  reply(id) { this.dispatchEvent(Object.assign(new Event("message"), { data: id })); }
};
const { cancel, later } = await import("../../hackathon/static/js/ticker.js");

test("a timer runs once, and not if it is cancelled", async () => {
  const ran = [];
  later(() => ran.push("a"), 100);
  cancel(later(() => ran.push("b"), 100));

  await pass(99);
  assert.deepEqual(ran, []);
  await pass(500);

  assert.deepEqual(ran, ["a"]);
});

test("while the page is hidden a worker keeps the time, until it is shown again", async () => {
  let runs = 0;
  later(() => { runs += 1; }, 1000);
  await pass(300);

  hide(true);
  const [worker] = workers;
  const [{ id, ms }] = worker.sent;
  assert.deepEqual([worker.name, ms], ["ticker-worker.js", 700]);
  worker.reply(id);
  worker.reply(id);
  assert.equal(runs, 1);
  hide(false);
  await pass(5000);

  assert.deepEqual([runs, worker.terminated], [1, true]);
});

test("where workers are missing the page's own timers run", async () => {
  globalThis.Worker = undefined;
  let runs = 0;

  hide(true);
  later(() => { runs += 1; }, 1000);
  await pass(1000);
  hide(false);

  assert.equal(runs, 1);
});
