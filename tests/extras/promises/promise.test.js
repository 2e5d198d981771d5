// When a promise is offered, what the page shows without a network, and for how long.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";

import { NOW, open, pass } from "../../js/page.js";

const TEMPLATE = `<section tabindex="-1"><p data-why></p><p data-reading></p><div data-before><button data-make></button></div>
  <div data-shown hidden><a data-qr></a><div data-typed><ol data-code></ol></div><b data-clock></b><code data-digest></code></div></section>`;
const window = open(`<div id="deposits" data-team="12"></div><template id="deposit-translations" data-unreadable="{name}"></template>
  <template id="promise">${TEMPLATE}</template>
  <div id="own-promises" data-addresses='{"34": "https://ccd.example.org/engagement/12-34:key/"}'></div>
  <article><div data-transfer></div></article>`);
/** @type {string[]} */
let drawn = [];
window.qrcode = () => ({
  addData: (text) => drawn.push(text), make() {}, getModuleCount: () => 2, isDark: (row, column) => row === column,
});
await import("../../../hackathon/extras/promises/static/js/promises.js");
const article = document.querySelector("article");
/** Every second the page says what each card shows. */
const offerPromise = (detail, left = 60_000) => {
  article.dispatchEvent(new CustomEvent("deposits:second", { bubbles: true, detail: { ...detail, left } }));
};
const file = new File(["the file"], "dossier.pdf");

/** A card whose transfer is in a state, and last moved now. */
const cardOf = (state, more = {}) => ({
  id: "34",
  transfer: { state, file, record: { team: "12" }, ended: false, movedAt: performance.now(), ...more },
});
offerPromise({ id: "34" });
assert.equal(article.children.length, 1); // nothing is added to a card until there is something to offer
offerPromise(cardOf("lost"));
const place = document.querySelector("[data-transfer] + div");
beforeEach(() => {
  drawn = [];
  place.replaceChildren();
});

for (const [state, offers] of [["lost", 1], ["failing", 1], ["sending", 0], ["storing", 0], ["paused", 0], ["tooLate", 0]]) {
  test(`a transfer that is « ${state} » ${offers ? "offers" : "does not offer"} a promise`, () => {
    offerPromise(cardOf(state));
    assert.equal(place.children.length, offers);
  });
}

test("long before the deadline it is a quiet button, and after the deadline there is none", () => {
  const card = cardOf("lost");
  offerPromise(card, 15 * 60_000 + 1);
  const why = place.querySelector("[data-why]"), button = place.querySelector("[data-make]");
  const early = [why.hidden, button.className];
  offerPromise(card, 15 * 60_000);
  const soon = [why.hidden, button.className];
  offerPromise(card, -1);

  assert.deepEqual([early, soon], [[true, "is-quiet"], [false, "is-primary"]]);
  assert.equal(place.children.length, 0);
});

test("a route that answers nothing offers one after ten seconds", async () => {
  const card = cardOf("opening");
  await pass(10_000);
  offerPromise(card);
  const before = place.children.length;
  await pass(10);
  offerPromise(card);

  assert.deepEqual([before, place.children.length], [0, 1]);
});

test("without the file, which only a former page had, there is none", () => {
  offerPromise(cardOf("lost", { file: undefined }));
  assert.equal(place.children.length, 0);
});

test("the address and the code name the bytes, and stay until the transfer has ended", async () => {
  const card = cardOf("lost");
  offerPromise(card);
  place.querySelector("[data-make]").click();
  await pass(100);
  const digest = createHash("sha256").update("the file").digest("hex");
  const url = `https://ccd.example.org/engagement/12-34:key/8-${digest}-${NOW / 1000 + 10}/`;

  assert.match(drawn[0], new RegExp(`/8-${digest}-\\d+/$`));
  assert.equal(drawn[0].length, url.length);
  assert.equal(place.querySelector("[data-qr]").href, drawn[0]);
  assert.equal(place.querySelectorAll("svg path").length, 2);
  assert.deepEqual([...place.querySelectorAll("li")].map(({ textContent }) => textContent.length), [9, 9, 9, 9, 9]);
  assert.equal(place.querySelector("[data-shown]").hidden, false);

  card.transfer.state = "sending";
  offerPromise(card);
  assert.equal(place.children.length, 1);
  card.transfer.ended = true;
  offerPromise(card);
  assert.equal(place.children.length, 0);
});

test("a team whose number has no place in a code has its address alone", async () => {
  const card = cardOf("lost", { record: { team: String(2 ** 20) } });
  offerPromise(card);
  place.querySelector("[data-make]").click();
  await pass(100);

  assert.equal(place.querySelector("[data-typed]").hidden, true);
  assert.equal(drawn.length, 1);
});
