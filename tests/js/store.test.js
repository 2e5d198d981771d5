import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, open } from "./page.js";

open("<p></p>");
const store = await import("../../hackathon/static/js/jury-store.js");
const transfers = await import("../../hackathon/static/js/submissions-keep.js");
const { database } = await import("../../hackathon/static/js/database.js");

const change = (fields) => ({ user: 5, team: 7, kind: "notes", value: "", base: 0, ...fields });
const values = async () => (await store.changesOf(5)).map(({ value }) => value);

beforeEach(() => store.wipe([], [...Array(50).keys()]));

test("a write resolves once it is complete, and rejects if it is refused", async () => {
  const { read, write } = database("own", { names: { keyPath: "id" } }, "strict");

  await write("names", (names) => names.put({ id: 1, name: "Ada" }));
  assert.equal((await read("names", (names) => names.get(1))).name, "Ada");
  await assert.rejects(write("names", (names) => { names.transaction.abort(); }));
  await assert.rejects(write("names", (names) => names.add({ id: 1 })));

  assert.equal((await read(["names"], (names) => names.getAll())).length, 1);
});

test("answers that come at once are all stored, and an older one changes nothing", async () => {
  const kept = { value: "12", version: 1 };
  await Promise.all(["a", "b", "c"].map((field) => store.learn(999, { [field]: "12" }, 1)));

  await store.learn(999, { a: "older" }, 0);

  assert.deepEqual((await store.sheetOf(999)).fields, { a: kept, b: kept, c: kept });
});

test("changes are read in order, of one person and one queue", async () => {
  await store.addChange(change({ value: "1" }));
  await store.addChange(change({ value: "2", queue: "jury" }));
  await store.addChange(change({ value: "3", user: 6 }));
  await store.addChange(change({ value: "4", queue: "other" }));

  assert.deepEqual(await values(), ["1", "2"]);
  assert.deepEqual((await store.changesOf(5, "other")).map(({ value }) => value), ["4"]);
});

test("when a tablet changes hands its sheets and its owner are deleted, and seals replace the changes", async () => {
  await store.setOwner({ user: 5, ticket: "t", sealKey: "k" });
  await store.learn(7, { comment: "secret" }, 1);
  const n = await store.addChange(change({ value: "secret" }));
  sessionStorage.setItem("jury-finished", "Com’unik");

  await store.wipe([{ id: "s" }], [n]);

  assert.deepEqual([await store.ownerOf(), await store.allSheets(), await values()], [undefined, [], []]);
  assert.deepEqual(await store.allSealed(), [{ id: "s" }]);
  assert.deepEqual([localStorage.length, sessionStorage.length], [0, 0]);
});

const record = (fields) => ({ key: "1/2", team: "1", deliverable: "2", attempt: "a", name: "x.pdf", size: 3, lastModified: 1, type: "", keptAt: NOW, ...fields });
const file = (text) => new File([text], "x.pdf");

test("a transfer goes on with the file of its own attempt", async () => {
  await transfers.keepRecord(record());
  await transfers.keepFile(record(), file("abc"));

  assert.equal(await (await transfers.fileOf(record())).text(), "abc");
  assert.equal(await transfers.fileOf(record({ attempt: "b" })), undefined);
  assert.equal((await transfers.recordOf("1/2")).name, "x.pdf");
  await transfers.forget("1/2");
  assert.equal(await transfers.recordOf("1/2"), undefined);
});

test("transfers of another team keep no file here; those that are cancelled or too old are forgotten", async () => {
  const day = 24 * 3600 * 1000;
  for (const [key, fields] of Object.entries({
    "1/2": {}, "1/3": { cancelled: true }, "1/4": { keptAt: NOW - day - 1 }, "9/2": { team: "9" },
  })) {
    await transfers.keepRecord(record({ key, ...fields }));
    await transfers.keepFile(record({ key }), file(key));
  }

  assert.equal(await transfers.recordOf("1/3"), undefined);
  assert.deepEqual((await transfers.recordsOf("1")).map(({ key }) => key), ["1/2"]);

  assert.equal(await transfers.fileOf(record({ key: "9/2" })), undefined);
  assert.deepEqual((await transfers.recordsOf("9")).map(({ key }) => key), ["9/2"]);
  assert.deepEqual(await Promise.all(["1/3", "1/4"].map(transfers.recordOf)), [undefined, undefined]);
});

test("without a database nothing is kept, and nothing fails", async () => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };

  assert.equal(await transfers.keepFile(record(), file("abc")), false);

  IDBObjectStore.prototype.put = put;
});
