import assert from "node:assert/strict";
import { test } from "node:test";

import { ClockEstimate } from "../../hackathon/static/js/clock-estimate.js";

const SERVER = 1_600_000_000_000; // the server's time at performance.now() === 0

const fromPage = () => new ClockEstimate({ offset: SERVER + 700, error: 1000, at: 0, ahead: SERVER });

test("a round trip makes the time as exact as half of its length", () => {
  const clock = fromPage();

  assert.equal(clock.addRoundTrip(100, 140, SERVER + 120), true);

  assert.equal(clock.serverAt(200), SERVER + 200);
  assert.equal(clock.uncertainty(140), 20);
});

test("over an uneven network the error is never greater than it says, and small in the end", () => {
  const clock = fromPage();
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

  for (let at = 0; at < 15_000; at += 150) {
    const [up, down] = [15 + 75 * random(), 4 + 36 * random()]; // ms, of a crowded Wi-Fi
    clock.addRoundTrip(at, at + up + down, SERVER + at + up);
    const now = at + up + down;
    assert.ok(Math.abs(clock.serverAt(now) - SERVER - now) <= clock.uncertainty(now));
  }

  assert.ok(clock.uncertainty(15_000) < 30);
});

test("a slower round trip does not replace a faster one", () => {
  const clock = fromPage();
  clock.addRoundTrip(100, 140, SERVER + 120);

  assert.equal(clock.addRoundTrip(200, 600, SERVER - 5000), false);

  assert.equal(clock.serverAt(700), SERVER + 700);
});

test("after a long time a slower round trip is better than drift", () => {
  const clock = fromPage();
  clock.addRoundTrip(100, 140, SERVER + 120);
  const later = 30 * 60_000;

  assert.equal(clock.addRoundTrip(later, later + 200, SERVER + later + 400), true);
  assert.equal(clock.serverAt(later + 200), SERVER + later + 500);
});

test("an answer without a time is ignored", () => {
  const clock = fromPage();

  assert.equal(clock.addRoundTrip(0, 1, Number.NaN), false);
  assert.equal(clock.serverAt(0), SERVER + 700);
});

test("when the computer slept or its clock was set, the next answer counts, however slow", () => {
  const clock = fromPage();
  clock.addRoundTrip(100, 140, SERVER + 120);

  assert.equal(clock.jumped(1000, SERVER + 1999), false);
  assert.equal(clock.jumped(2000, SERVER + 600_000), true);
  assert.equal(clock.uncertainty(2000), Infinity);
  assert.equal(clock.jumped(2001, SERVER + 600_000), false);

  assert.equal(clock.addRoundTrip(3000, 7000, SERVER + 605_000), true);
  assert.equal(clock.serverAt(7000), SERVER + 607_000);
});
