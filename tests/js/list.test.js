// A juror's list of teams, as templates/judging/scoring/index.html makes it.

import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { answer, open, rest, serve } from "./page.js";

const names = ["finish_ready", "finish_ready_one", "finished", "finished_many", "left", "left_one", "left_none", "done", "done_one", "next", "final", "count",
  "count_one", "pending", "pending_one", "refused", "pair", "skip_later"];
const texts = Object.fromEntries(names.map((name) => [name, `${name} {n}{team}`]));
const row = (team, { version = 0, work = "untouched", mean = "", skip = "", more = "" }) => `<li><a class="team-row" href="/jury/${team}/" data-team="${team}"
  data-name="Équipe ${team}" data-work="${work}" data-version="${version}" data-skip="${skip}" ${mean && `data-mean="${mean}"`} ${more}><span class="row-end">
  <span data-server="${work}"></span></span></a></li>`;

open(`<script id="jury" type="application/json">${JSON.stringify({ user: 5, urls: { synchronise: "/sync/" }, translations: texts })}</script>
  <div data-toasts></div><div data-my-teams><section data-jury="1" data-read-at="0"><h2></h2><span data-left></span><span data-done></span><progress></progress>
  <button type="button" data-finish-ready hidden><span></span></button>
  <ul data-scales="1:3:20 2:1:20">
    ${row(7, { version: 6, work: "draft", mean: "12.5" })}
    ${row(8, { version: 3, work: "draft" })}
    ${row(9, { version: 4, work: "final", mean: "10" })}
    ${row(10, { version: 4, work: "draft", mean: "10", more: "data-outdated" })}
    ${row(11, { version: 4, work: "draft", mean: "10", skip: "later" })}
    ${row(12, {})}
  </ul><figure class="strip"><svg class="strip-line"></svg></figure></section></div>`, { user: 5 });
const list = await import("../../hackathon/static/js/jury-list.js");
const store = await import("../../hackathon/static/js/jury-store.js");
const sync = await import("../../hackathon/static/js/jury-sync.js");

const button = document.querySelector("[data-finish-ready]");
const shown = () => (button.hidden ? "" : button.textContent.trim());
const away = () => { throw new TypeError("no network"); };
const unsent = async () => (await store.changesOf(5)).map(({ team, kind, base }) => [team, kind, base]);
const mark = (team, criterion, fields) => sync.keep({ team, kind: "mark", criterion, value: "14", base: 0, label: "", ...fields }).then(rest);

list.start();
beforeEach(async () => {
  serve(away);
  await store.wipe([], (await store.changesOf(5)).map(({ n }) => n));
  sync.notify();
  await rest();
});

test("sheets that are marked, not put off and still of the same work are finished in one tap", async () => {
  assert.equal(shown(), "finish_ready_one 1");

  button.click();
  await rest();

  assert.deepEqual(await unsent(), [[7, "finish", 6]]); // of the version that the page shows
  assert.equal(shown(), "");
  assert.equal(document.querySelector(".toast-body").textContent, "finished 1Équipe 7");
});

test("without a network a sheet counts as soon as this device has a mark for each criterion", async () => {
  await mark(12, 1);
  assert.equal(shown(), "finish_ready_one 1");
  await mark(12, 2);
  assert.equal(shown(), "finish_ready 2");

  button.click();
  await rest();

  assert.deepEqual((await unsent()).slice(2), [[7, "finish", 6], [12, "finish", 0]]);
});

test("the base is the oldest version of the marks that are shown, so what another tablet wrote since is not finished unseen", async () => {
  await store.learn(8, { "mark-1": "12" }, 4);
  await store.learn(8, { "mark-2": "9" }, 9);
  sync.notify();
  await rest();

  button.click();
  await rest();

  assert.deepEqual((await unsent())[1], [8, "finish", 4]);
});

test("a sheet whose changes wait for a choice is not finished", async () => {
  await mark(12, 1);
  await mark(12, 2);
  serve((_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => ({ state: "conflict", version: 3, theirs: { value: "9", at: "" } })) }));
  await sync.send();
  await rest();

  assert.equal(shown(), "finish_ready_one 1");
});
