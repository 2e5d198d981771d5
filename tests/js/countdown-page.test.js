import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, fire, hide, open, pass } from "./page.js";

const AT = new Date(NOW + 3600_000).toISOString();
open(`<time data-countdown data-title data-follows="deadline" datetime="${AT}" data-over="terminé"></time><p data-countdown-spoken></p><b data-clock></b>`);
document.head.innerHTML = `<title>Rendu</title><script id="translations" type="application/json">{ "days": "{days} j {hours} h",
  "decimal": ",", "over": "C’est fini", "remains_minute": "Il reste une minute", "remains_minutes": "Il reste {minutes} minutes" }</script>`;
document.title = "Rendu";
globalThis.matchMedia = () => ({ matches: false });
const { addRoundTrip } = await import("../../hackathon/static/js/clock.js");
const { start } = await import("../../hackathon/static/js/countdown.js");

const clock = () => document.querySelector("time");
const spoken = () => document.querySelector("[data-countdown-spoken]").textContent;
const left = (seconds) => {
  clock().dateTime = new Date(Date.now() + seconds * 1000).toISOString();
  fire("live:refetched");
};
addRoundTrip(0, 0, NOW);
start();
beforeEach(() => left(3600));

test("the clock, its state and the tab's title follow the time", async () => {
  assert.deepEqual([clock().textContent, clock().dataset.state, document.title], ["1:00:00", "hour", "1:00:00 · Rendu"]);

  await pass(1010);
  assert.deepEqual([clock().textContent, document.title], ["59:59", "59:59 · Rendu"]);
  left(45.25);

  assert.deepEqual([clock().textContent, document.title, clock().dataset.state], ["45,3", "46 · Rendu", "last"]);
  await pass(46_000);
  assert.deepEqual([clock().textContent, clock().dataset.state], ["terminé", "over"]);
});

test("the last minute is in tenths, but not while the page is hidden", async () => {
  left(30);
  const texts = new Set();
  const watch = async () => {
    texts.clear();
    for (let n = 0; n < 10; n += 1) {
      await pass(100);
      texts.add(clock().textContent);
    }
    return texts.size;
  };

  assert.equal(await watch(), 10);
  hide(true);
  assert.ok(await watch() <= 2);
  hide(false);
});

test("what was said to screen readers goes once it is no longer so", async () => {
  left(61);
  await pass(2000);
  assert.equal(spoken(), "Il reste une minute");

  left(26 * 3600); // the next instant
  await pass(2000);

  assert.equal(spoken(), "");
});

test("a page that is shown again is right at once, not when the clock ticks next", async () => {
  hide(true);
  performance.now = () => Date.now() - NOW + 90_000; // its timers did not run
  const stale = clock().textContent;

  hide(false);

  performance.now = () => Date.now() - NOW;
  assert.deepEqual([stale, clock().textContent], ["1:00:00", "58:30"]);
});

test("screen readers get few minutes, each once, also if the deadline moves within a minute", async () => {
  left(300.8);
  const said = [];
  new MutationObserver(() => said.push(spoken())).observe(document.querySelector("[data-countdown-spoken]"), { childList: true });

  await pass(1000);
  left(294);
  await pass(3000);
  left(60.5);
  await pass(1000);
  left(0.5);
  await pass(1000);

  assert.deepEqual(said, ["Il reste 5 minutes", "Il reste 2 minutes", "Il reste une minute", "C’est fini"]);
});
