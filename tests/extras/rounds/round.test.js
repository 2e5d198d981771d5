import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { answer, define, open, pass, rest, serve } from "../../js/page.js";

const SCRIPT = { user: 5, url: "/ronde/vues/", translations: { pending_one: "1 vue, à envoyer", pending: "{n} vues, à envoyer", offline: "pas de réseau" } };
open(`<main><p id="round-net"></p>
  <form data-see="7"><button>Vue</button></form><form data-see="8"><button>Vue</button></form>
  <script id="round-script" type="application/json">${JSON.stringify(SCRIPT)}</script></main>`);
define(globalThis, "matchMedia", () => ({ matches: false, addEventListener() {} }));
mock.method(Math, "random", () => 0.5); // no jitter
serve(() => answer({ answers: [] }));
await import("../../../hackathon/extras/rounds/static/js/round.js");
await rest();

const form = (team) => document.querySelector(`[data-see="${team}"]`);
const isKept = (team) => form(team).hasAttribute("data-unsent") && form(team).querySelector("button").disabled;
const net = () => document.querySelector("#round-net").textContent;
const lost = (elt) => elt.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true, detail: { elt } }));

test("a tap that does not get through is kept, shown, and sent once there is a network", async () => {
  let alarms = 0;
  document.body.addEventListener("htmx:sendError", () => { alarms += 1; });
  serve(() => { throw new TypeError("no network"); });

  lost(form(7));
  await rest();
  lost(form(7)); // once more
  await rest();
  lost(form(8));
  await rest();
  assert.deepEqual([isKept(7), isKept(8), net(), alarms], [true, true, "2 vues, à envoyer · pas de réseau", 0]);

  const requests = serve((_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => ({ state: "accepted" })) }));
  await pass(60_000);

  const sent = requests.map(({ body }) => JSON.parse(body)).filter(({ changes }) => changes.length);
  assert.deepEqual(sent.map(({ changes }) => changes.map(({ team }) => team)), [[7, 8]]);
  assert.deepEqual([isKept(7), isKept(8), net()], [false, false, ""]);
});

test("what else does not get through is told as before", () => {
  let alarms = 0;
  document.body.addEventListener("htmx:sendError", () => { alarms += 1; });

  lost(document.querySelector("main").appendChild(document.createElement("form")));

  assert.equal(alarms, 1);
});
