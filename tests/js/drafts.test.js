import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { NOW, define, fire, open, pass, rest } from "./page.js";

open("<main></main>", { user: 5 });
document.head.innerHTML = `<script id="translations" type="application/json">{
  "draft_kept": "gardé à {time}", "draft_unkept": "pas gardé", "draft_removed": "retiré", "draft_restore": "Remettre", "draft_forget": "Retirer"
}</script>`;
const DAY = 24 * 3600 * 1000;
const disk = await import("../../hackathon/static/js/drafts-disk.js");
const drafts = await import("../../hackathon/static/js/drafts.js");
const { database } = await import("../../hackathon/static/js/database.js");
const { read, write } = database("drafts", { drafts: {} }, "strict");

const field = (key = "text") => document.querySelector(`[data-draft=${key}]`);
const note = () => document.querySelector(".draft-note");
const onDisk = (name) => read("drafts", (all) => all.get(name));
const keep = (name, text, at = NOW) => localStorage.setItem(name, JSON.stringify({ text, at }));

function type(text, key) {
  field(key).value = text;
  field(key).dispatchEvent(new Event("input", { bubbles: true }));
  return rest();
}

/** As when the page is loaded again: the fields are as the server made them. */
function load() {
  document.querySelector("main").innerHTML = `<p><textarea data-draft="text"></textarea></p><p><input data-draft="text-2"></p>
    <details><summary>Plus</summary><input data-draft="more"></details>`;
  fire("live:refetched");
}

drafts.start();
beforeEach(load);
afterEach(async () => {
  localStorage.clear();
  await write("drafts", (all) => all.clear());
});

test("what is typed is stored, with a note once it is on the disk, and comes back", async () => {
  await type("bonjour");
  assert.equal(note().querySelector("span").textContent, "gardé à 21:00");
  assert.deepEqual(await onDisk("draft:5:text"), { text: "bonjour", at: NOW });

  load();

  assert.deepEqual([field().value, field("text-2").value], ["bonjour", ""]);
});

test("a draft in a folded part unfolds it; another person's is not shown", async () => {
  keep("draft:5:more", "plus");
  keep("draft:6:text", "secret");

  fire("htmx:afterSettle");

  assert.deepEqual([field("more").value, document.querySelector("details").open], ["plus", true]);
  assert.equal(field().value, "");
});

test("a field that the person has changed keeps its text", async () => {
  keep("draft:5:text", "ancien");
  field().value = "en train";

  fire("live:refetched");

  assert.equal(field().value, "en train");
});

test("a draft is removed by its button, and put back by the same one", async () => {
  await type("bonjour");
  const button = note().querySelector("button");

  button.click();
  await rest();
  assert.deepEqual([field().value, button.textContent], ["", "Remettre"]);
  assert.deepEqual(await onDisk("draft:5:text"), { text: null, at: NOW });
  button.click();
  await rest();

  assert.deepEqual([field().value, button.textContent], ["bonjour", "Retirer"]);
});

test("what the server has received is forgotten, in all fields of that form", async () => {
  await type("bonjour");
  await type("https://a", "text-2");
  await type("reste", "more");

  drafts.wasSent("text");
  await rest();

  assert.deepEqual(Object.keys(localStorage), ["draft:5:more"]);
  assert.equal((await onDisk("draft:5:text-2")).text, null);
  assert.equal(document.querySelectorAll(".draft-note").length, 1);
});

test("a text that could not be stored is named, and the page asks before it is left", async () => {
  const storage = localStorage;
  define(globalThis, "localStorage", { getItem: () => null, setItem: () => { throw new Error("full"); } });

  await type("bonjour");
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);

  define(globalThis, "localStorage", storage);
  assert.equal(note().querySelector("span").textContent, "pas gardé");
  assert.equal(leaving.defaultPrevented, true);
});

test("after a power failure the newer draft counts, and one that was removed stays so", async () => {
  const kept = { "draft:5:a": "disque", "draft:5:b": "disque", "draft:5:c": null, "draft:5:d": "vieux" };
  for (const [name, text] of Object.entries(kept)) {
    await write("drafts", (all) => all.put({ text, at: name.endsWith("d") ? NOW - 9 * DAY : NOW }, name));
  }
  keep("draft:5:b", "page", NOW + 1);
  keep("draft:5:c", "page", NOW - 1);

  await disk.recover(NOW - 7 * DAY);

  const texts = Object.fromEntries(Object.entries(localStorage).map(([name, draft]) => [name, JSON.parse(draft).text]));
  assert.deepEqual(texts, { "draft:5:a": "disque", "draft:5:b": "page" });
  assert.equal(await onDisk("draft:5:d"), undefined);
});

test("a draft that is removed while the disk is read does not come back", async () => {
  await write("drafts", (all) => all.put({ text: "https://brouillon", at: NOW + 1 }, "draft:5:text-2"));
  const reading = disk.recover(NOW - DAY);

  const removed = disk.put("draft:5:text-2", { text: null, at: NOW });
  await Promise.all([reading, removed]);

  assert.equal(localStorage.getItem("draft:5:text-2"), null);
});

test("drafts of an earlier week are deleted when a page is opened", async () => {
  keep("draft:5:text", "vieux", NOW - 8 * DAY);
  keep("draft:6:text", "vieux", NOW - 8 * DAY);
  keep("other", "rien");

  drafts.start();
  await pass(0);

  assert.deepEqual(Object.keys(localStorage), ["other"]);
});
