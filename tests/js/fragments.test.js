import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, fire, open, pass } from "./page.js";

open("<main></main>");
const { addRoundTrip } = await import("../../hackathon/static/js/clock.js");
const fragments = await import("../../hackathon/static/js/fragments.js");
const instants = await import("../../hackathon/static/js/instants.js");

const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const text = (id) => document.getElementById(id).textContent;
let told = 0;
document.body.addEventListener("live:refetched", () => { told += 1; });

function show(html) {
  document.querySelector("main").innerHTML = html;
  fire("htmx:afterSettle");
  told = 0;
}

addRoundTrip(0, 0, NOW);
fragments.start();
instants.start();
beforeEach(() => show(""));

test("a page names its fragments, each once", () => {
  show(`<p data-fragment="clock"></p><div><p data-fragment="day"></p><p data-fragment="clock"></p></div>`);

  assert.deepEqual(fragments.shown(), ["clock", "day"]);
});

test("elements that arrive take the place of those with their ids, and all scripts are told once", () => {
  show(`<p id="a">1</p><p id="b">1</p>`);
  const before = document.getElementById("a");

  fire("live:fragment.rendered", { data: { html: `<p id="a">2</p><p id="b">2</p><p id="c">2</p><p>2</p>` } });

  assert.equal(document.querySelector("main").textContent, "22");
  assert.equal(document.getElementById("a"), before);
  assert.equal(told, 1);
});

test("an element shows its later states at their instants, and keeps those that come after", async () => {
  show(`<section id="s"><p id="p">avant</p><template data-at="${at(2)}"><p id="p">pendant</p></template>
    <template data-at="${at(4)}"><p id="p">après</p></template></section>`);

  await pass(2000);
  assert.equal(text("p"), "avant"); // the instant itself belongs to the earlier state
  await pass(30);
  assert.deepEqual([text("p"), document.querySelectorAll("template").length, told], ["pendant", 1, 1]);
  await pass(2000);

  assert.deepEqual([text("p"), document.querySelectorAll("template").length, told], ["après", 0, 2]);
});

test("a page that slept shows the last of the states that have passed", async () => {
  show(`<section id="s"><p id="p">avant</p><template data-at="${at(2)}"><p id="p">pendant</p></template>
    <template data-at="${at(4)}"><p id="p">après</p></template></section>`);

  await pass(60_000);

  assert.deepEqual([text("p"), document.querySelectorAll("template").length], ["après", 0]);
});
