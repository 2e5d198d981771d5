import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { countdownState, countdownText, isSpoken, minuteOf } from "../../hackathon/static/js/countdown-text.js";

// tests/core/test_countdown_table.py checks the same table against the server's texts.
const table = JSON.parse(readFileSync(new URL("../tables/countdown.json", import.meta.url), "utf8"));

test("the texts are those of the server", () => {
  for (const [ms, text] of table.texts) assert.equal(countdownText(ms, { days: "{days} j {hours} h" }), text);
});

test("the states are those of the server", () => {
  for (const [ms, state] of table.states) assert.equal(countdownState(ms), state);
});

test("the last minute has whole seconds on demand, and the language's decimal separator", () => {
  assert.equal(countdownText(12_340, { tenths: false }), "13");
  assert.equal(countdownText(-1, { tenths: false }), "0");
  assert.equal(countdownText(12_340, { decimal: "." }), "12.4");
});

test("few minutes are announced, and the end", () => {
  assert.equal(minuteOf(60_000), 1);
  assert.equal(minuteOf(60_001), 2);
  assert.equal(minuteOf(-1), 0);
  assert.deepEqual([0, 1, 4, 6, 10, 12, 60, 61].filter(isSpoken), [0, 1, 4, 10, 60]);
});
