import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { answer, define, open, pass, rest, serve } from "./page.js";

const SCRIPT = { user: 5, url: "/passages/notes/", translations: { saving: "envoi", waits: "à envoyer", saved: "enregistré", offline: "pas de réseau" } };
const field = (criterion) => `<div data-field="mark-${criterion}" data-top="20" data-step="0.5" data-rule="de 0 à 20"><span data-note></span>
  <input class="mark-input" name="mark-${criterion}" value=""><button type="button" data-half hidden>½</button>
  <input type="hidden" name="seen-${criterion}" value=""><button name="set" data-to="14">14</button></div>`;
open(`<main><p id="hearing-net"></p><form data-passage="7">${field(1)}${field(2)}</form>
  <script id="hearing-script" type="application/json">${JSON.stringify(SCRIPT)}</script></main>`);
define(globalThis, "matchMedia", () => ({ matches: false, addEventListener() {} }));
mock.method(Math, "random", () => 0.5); // no jitter
serve(() => answer({ answers: [] }));
await import("../../hackathon/static/js/hearing.js");
await rest();

const part = (criterion, selector) => document.querySelector(`[data-field="mark-${criterion}"] ${selector}`);
const note = (criterion) => part(criterion, "[data-note]").textContent;
const accept = () => serve((_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => ({ state: "accepted" })) }));
const sent = (requests) => requests.flatMap(({ body }) => JSON.parse(body).changes).map(({ team, criterion, value }) => [team, criterion, value]);

test("each tap is saved", async () => {
  const requests = accept();

  part(1, "[data-to]").click();
  await rest();
  part(1, "[data-half]").click();
  await rest();

  assert.deepEqual(sent(requests), [[7, 1, "14"], [7, 1, "14.5"]]);
  assert.deepEqual([note(1), part(1, "[name^=seen-]").value, part(1, "[data-to]").getAttribute("aria-pressed")], ["enregistré", "14,5", "true"]);
});

test("without a network a mark is kept and sent later, and a wrong one is not", async () => {
  serve(() => { throw new TypeError("no network"); });

  part(2, "[data-to]").click();
  await rest();
  const input = part(1, ".mark-input");
  input.value = "24";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await rest();
  assert.deepEqual([note(1), note(2), document.querySelector("#hearing-net").textContent], ["de 0 à 20", "à envoyer", "pas de réseau"]);

  const requests = accept();
  await pass(60_000);
  assert.deepEqual(sent(requests), [[7, 2, "14"]]);
  assert.deepEqual([note(2), document.querySelector("#hearing-net").textContent], ["enregistré", ""]);
});
