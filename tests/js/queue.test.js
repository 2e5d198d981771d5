import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, answer, define, hide, open, pass, rest, serve } from "./page.js";

open(`<script id="jury" type="application/json">{ "user": 5, "urls": { "synchronise": "/jury/synchroniser/" }, "translations": {} }</script>`);
const store = await import("../../hackathon/static/js/jury-store.js");
const sync = await import("../../hackathon/static/js/jury-sync.js");

/** @type {string[]} what listeners were told */
let told = [];
sync.onNews((trouble) => told.push(trouble));
const mark = (value, fields) => ({ team: 7, kind: "mark", criterion: 3, value, base: 4, label: "Équipe · Idée", ...fields });
const accepted = (version = 9) => (_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => ({ state: "accepted", version })) });
const sentBy = (request) => JSON.parse(request.body).changes;
const unsent = async () => (await store.changesOf(5)).map(({ value, state }) => [value, state]);
const keep = (value, fields) => sync.keep(mark(value, fields)).then(rest);

beforeEach(async () => {
  serve(accepted());
  await sync.send(); // without failures
  await store.wipe([], (await store.changesOf(5)).map(({ n }) => n));
  told = [];
});

test("a change is stored before it is sent, and leaves the device once the server has it", async () => {
  let reply;
  const requests = serve(() => new Promise((done) => { reply = done; }));

  await keep("14");
  assert.deepEqual(await unsent(), [["14", undefined]]);
  const [change] = sentBy(requests[0]);
  reply(accepted(9)("", requests[0]));
  await rest();

  assert.equal(JSON.parse(requests[0].body).for, 5);
  assert.deepEqual([change.value, change.base, change.given_at], ["14", 4, new Date(NOW).toISOString()]);
  assert.deepEqual([change.label, change.user, change.n], [undefined, undefined, undefined]);
  assert.deepEqual(await unsent(), []);
  assert.deepEqual((await store.sheetOf(7)).fields["mark-3"], { value: "14", version: 9 });
});

test("without an answer it is tried again after 2, 4 and 8 seconds, in the order of the changes", async () => {
  const requests = serve(() => { throw new TypeError("no network"); });
  await keep("14");
  assert.equal(told.at(-1), "offline");

  for (const [index, ms] of [2000, 4000, 8000].entries()) {
    await pass(ms - 1);
    assert.equal(requests.length, index + 1);
    await pass(1);
    assert.equal(requests.length, index + 2);
  }
  const later = serve(accepted());
  await keep("15", { criterion: 4 });

  assert.deepEqual(sentBy(later[0]).map(({ value }) => value), ["14", "15"]);
  assert.deepEqual([told.at(-1), await unsent()], ["", []]);
});

test("an ended session and another person's leave everything on the device", async () => {
  for (const [status, trouble] of [[401, "expired"], [409, "somebody_else"], [502, "offline"]]) {
    serve(() => answer({}, status));
    await keep(String(status));
    assert.equal(told.at(-1), trouble);
  }

  assert.deepEqual((await unsent()).map(([value]) => value), ["401", "409", "502"]);
});

test("a change that cannot be stored leaves the one that it would have replaced", async (context) => {
  await store.addChange({ ...mark("25"), user: 5, key: "k", state: "refused" });
  const full = context.mock.method(IDBObjectStore.prototype, "add", () => { throw new DOMException("full", "QuotaExceededError"); });

  await assert.rejects(sync.keep(mark("14")));
  full.mock.restore();

  assert.deepEqual(await unsent(), [["25", "refused"]]);
});

test("the own value of a conflict leaves the device only once it is stored again", async (context) => {
  const conflict = { ...mark("14"), user: 5, key: "k", state: "conflict", theirs: { value: "11", at: "" }, version: 9 };
  await store.addChange(conflict);
  const full = context.mock.method(IDBObjectStore.prototype, "add", () => { throw new DOMException("full", "QuotaExceededError"); });

  await assert.rejects(sync.decide((await store.changesOf(5))[0], true));
  full.mock.restore();

  assert.deepEqual(await unsent(), [["14", "conflict"]]);
});

test("many changes are sent fifty at a time", async () => {
  for (let n = 0; n < 120; n += 1) await store.addChange({ ...mark(String(n)), user: 5, key: String(n) });
  const requests = serve(accepted());

  await sync.send();

  assert.deepEqual(requests.map((request) => sentBy(request).length), [50, 50, 20]);
  assert.deepEqual(sentBy(requests[2]).at(-1).value, "119");
});

test("a refused change stays, is not sent again, and the next one of its field replaces it", async () => {
  serve(() => answer({ answers: [{ state: "refused", code: "not_a_mark", message: "Non" }] }));
  await keep("99");
  assert.deepEqual(await unsent(), [["99", "refused"]]);

  const requests = serve(accepted());
  await sync.send();
  assert.equal(requests.length, 0);
  await keep("9");

  assert.deepEqual(sentBy(requests[0]).map(({ value }) => value), ["9"]);
  assert.deepEqual(await unsent(), []);
});

test("in a conflict the juror takes the server's mark, or sends the own one on its version", async () => {
  const conflict = () => answer({ answers: [{ state: "conflict", version: 6, theirs: { value: "10", at: "" } }] });
  serve(conflict);
  await keep("14");
  const requests = serve(accepted());
  await sync.decide((await store.changesOf(5))[0], false);
  assert.deepEqual([await unsent(), requests.length], [[], 0]);
  assert.equal((await store.sheetOf(7)).fields["mark-3"].value, "10");

  serve(conflict);
  await keep("14");
  const [own] = await store.changesOf(5);
  const sent = serve(accepted(7));
  await sync.decide(own, true);
  await rest();

  assert.deepEqual(sentBy(sent[0]).map(({ value, base }) => [value, base]), [["14", 6]]);
  assert.equal((await store.sheetOf(7)).fields["mark-3"].value, "14");
});

test("while the browser reports no network, only an answer of the server proves one", async () => {
  define(navigator, "onLine", false);
  const requests = serve(accepted());

  await sync.send();

  define(navigator, "onLine", true);
  assert.deepEqual(requests.map(sentBy), [[]]);
});

test("changes that are made before the owner is known are stored afterwards, in order", async () => {
  let ready;
  sync.keepAfter(new Promise((done) => { ready = done; }));
  sync.keep(mark("1"));
  sync.keep(mark("2"));
  await rest();
  assert.deepEqual(await unsent(), []);
  const requests = serve(accepted());

  ready();
  await rest();

  assert.deepEqual(requests.flatMap(sentBy).map(({ value }) => value), ["1", "2"]);
});

test("a page that is shown again sends, and so does one whose network is back", async () => {
  sync.start();
  await rest();
  await store.addChange({ ...mark("1"), user: 5, key: "k" });
  const requests = serve(accepted());

  hide(true);
  await rest();
  assert.equal(requests.length, 0);
  hide(false);
  await rest();
  assert.equal(requests.length, 1);
  await store.addChange({ ...mark("2"), user: 5, key: "l" });
  window.dispatchEvent(new Event("online"));
  await rest();

  assert.equal(requests.length, 2);
});

test("what former jurors could not send is sent sealed, and what was not written comes back", async () => {
  await store.wipe([{ id: "a" }, { id: "b" }, { id: "c" }], []);
  const returned = [[mark("3", { key: "k" }), { state: "conflict", theirs: { value: "4" } }]];
  const requests = serve((url) => (url === "/sealed/" ? answer({ answers: [
    { id: "a", state: "written" }, { id: "b", state: "held" }, { id: "c", state: "returned", changes: returned },
  ] }) : accepted()));

  await sync.sendSealed("/sealed/");

  assert.equal(JSON.parse(requests[0].body).sealed.length, 3);
  assert.deepEqual((await store.allSealed()).map(({ id }) => id), ["b"]);
  assert.deepEqual(await unsent(), [["3", "conflict"]]);
  await store.dropSealed("b");
});
