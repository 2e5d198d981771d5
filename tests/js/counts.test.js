import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { answer, fire, open, pass, serve } from "./page.js";

open(`<nav data-counts-url="/nouveau/"><span data-count="announcements" data-unread="a1-1 a2-1" data-waiting="0"><b>2</b></span>
  <span data-count="questions" data-unread="" data-waiting="0" hidden><b>0</b></span></nav>`);
mock.method(Math, "random", () => 1);
const { start } = await import("../../hackathon/static/js/counts.js");
const shown = () => [...document.querySelectorAll("[data-count]")].map(({ hidden, textContent }) => (hidden ? "" : textContent));
start();

test("announcements count as they arrive: a correction once, a withdrawn one no more, none that was read", () => {
  const steps = [
    ["live:announcement.published", { data: { id: 3, stamp: "a3-1" } }, "3"],
    ["live:announcement.corrected", { data: { id: 3, stamp: "a3-2" } }, "3"],
    ["live:announcement.withdrawn", { data: { id: 1 } }, "2"],
    ["announcement:read", { stamps: ["a2-1", "a3-2"] }, ""],
  ];

  for (const [type, detail, wanted] of steps) {
    fire(type, detail);
    assert.deepEqual(shown(), [wanted, ""], type);
  }
});

test("questions are counted by the server, once for several messages, over the time that the message names", async () => {
  const requests = serve(() => answer({ announcements: { unread: ["a9-1"], waiting: 0 }, questions: { unread: [], waiting: 4 } }));
  fire("live:question.asked", { spread: 500, data: {} });
  fire("live:question.taken", { spread: 500, data: {} });

  await pass(699);
  assert.equal(requests.length, 0);
  await pass(1);

  assert.deepEqual(requests.map(({ url }) => url), ["/nouveau/"]);
  assert.deepEqual(shown(), ["1", "4"]);
});

test("after messages were missed the server is asked, and without an answer the counters stay", async () => {
  const requests = serve(() => { throw new TypeError("no network"); });

  fire("live:caught-up", { data: { complete: true } });
  await pass(5000);
  assert.equal(requests.length, 0);
  fire("live:caught-up", { data: { complete: false } });
  await pass(3000);

  assert.equal(requests.length, 1);
  assert.deepEqual(shown(), ["1", "4"]);
});
