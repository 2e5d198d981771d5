import assert from "node:assert/strict";
import { test } from "node:test";

import { NOW, open, pass } from "./page.js";

const at = (seconds) => new Date(NOW + 1000 * seconds).toISOString();
open(`<div id="deposits"></div><div id="deposits-rule"></div><template id="deposit-translations"></template>
  <div id="team-uploads"></div>`);
const { addRoundTrip } = await import("../../hackathon/static/js/clock.js");
const { buttonsOf, mayEndInGrace, ruleOf, speedOf } = await import("../../hackathon/static/js/submissions-card.js");
addRoundTrip(0, 0, NOW);

/** A transfer of which 100 s are missing, `left` seconds before the deadline. */
function may(left, { grace = 600, begun = -200, ...fields } = {}) {
  Object.assign(document.getElementById("deposits-rule").dataset, { deadline: at(left), until: at(left + grace) });
  const record = { begunAt: NOW + 1000 * begun, url: "/uploads/1" };
  return mayEndInGrace({ record, sent: 0, size: 1000, speed: 10, state: "sending", ...fields });
}

test("it is said before the deadline as soon as the upload takes longer than the time that is left", () => {
  assert.deepEqual([101, 99, 1].map((left) => may(left)), [false, true, true]);
});

test("it is said after the deadline until the grace ends", () => {
  assert.deepEqual([-1, -599, -600].map((left) => may(left, { begun: -2000 })), [true, true, false]);
});

test("it is not said of an upload that began too late, or that the server has not opened, or without grace", () => {
  assert.equal(may(-300), false);
  assert.equal(may(-1, { record: { begunAt: NOW - 5000 } }), false);
  assert.equal(may(50, { grace: 0 }), false);
});

test("while its speed is not known it is said in the last five minutes", () => {
  assert.deepEqual([301, 299].map((left) => may(left, { state: "lost" })), [false, true]);
  assert.deepEqual([301, 299].map((left) => may(left, { speed: 0 })), [false, true]);
});

test("a deliverable with a deadline of its own is measured by that one", () => {
  const all = document.getElementById("deposits-rule");
  all.innerHTML = `<p data-rule="7" data-accepts="yes" data-deadline="${at(9000)}" data-until="${at(9600)}"></p>`;
  const record = (deliverable) => ({ begunAt: NOW - 200_000, url: "/uploads/1", deliverable });
  assert.deepEqual(["7", "8"].map((id) => may(50, { record: record(id) })), [false, true]);
  all.dataset.accepts = "no";
  assert.deepEqual(["7", "8"].map((id) => ruleOf(id).accepts), ["yes", "no"]);
});

test("an upload that no longer advances has no speed, and a button to try again", async () => {
  const transfer = { state: "sending", speed: 10, movedAt: performance.now(), record: {} };
  const going = [speedOf(transfer), buttonsOf(transfer)];
  await pass(8001);

  assert.deepEqual(going, [10, ["pause", "cancel"]]);
  assert.deepEqual([speedOf(transfer), buttonsOf(transfer)], [0, ["retry", "pause", "cancel"]]);
});
