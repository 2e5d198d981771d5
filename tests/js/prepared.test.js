// What the list says about the sheets that are stored on this device.

import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, NOW, define, open, rest, serve } from "./page.js";

const texts = Object.fromEntries(["ready", "ready_one", "ready_alone", "ready_alone_one"].map((name) => [name, `${name} {sheets} {size}`]));
open(`<script id="jury" type="application/json">${JSON.stringify({ user: 5, urls: { list: "/jury/", handover: "/jury/changer/", kit: "/jury/hors-connexion/" }, translations: texts })}</script>
  <section data-offline><p data-slot="ready"></p><button data-prepare></button><div class="is-off" data-when="loading"><progress></progress><span data-slot="held"></span></div></section>`,
{ user: 5 });
define(navigator, "serviceWorker", { register: async () => {} });
serve(() => { throw new TypeError("no network"); });
const offline = await import("../../hackathon/static/js/jury-offline.js");
const store = await import("../../hackathon/static/js/jury-store.js");

for (const [sheets, bytes, said] of [[6, 0, "ready_alone 6"], [1, 0, "ready_alone_one 1"], [6, 2000, "ready 6"], [1, 2000, "ready_one 1"]]) {
  test(`${sheets} sheets and ${bytes} bytes: work of no size is not named`, async () => {
    await store.note("prepared", { at: NOW, sheets, bytes });

    await offline.start();
    await rest();

    assert.ok(document.querySelector("[data-slot=ready]").textContent.startsWith(`${said} `));
  });
}

test("sheets are fetched while the browser's question whether to keep them has no answer", async () => {
  define(navigator, "storage", { persist: () => new Promise(() => {}) });
  serve((url) => (url.endsWith("/hors-connexion/") ? answer({ sheets: 3, pages: [], parts: [], files: [] }) : new Response("<p></p>")));
  await offline.start();

  document.querySelector("[data-prepare]").dispatchEvent(new Event("click"));
  await rest();
  await rest();

  assert.equal((await store.noted("prepared")).sheets, 3);
});
