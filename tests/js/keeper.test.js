// What is on a device belongs to one person: the tablet of a jury, and what other pages keep.

import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { open, rest } from "./page.js";

open(`<form action="/compte/deconnexion/"></form>`, { user: "" });
const keeper = await import("../../hackathon/static/js/jury-keeper.js");
const store = await import("../../hackathon/static/js/jury-store.js");
const keptFor = await import("../../hackathon/static/js/kept.js");

const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
const sealKey = Buffer.from(await crypto.subtle.exportKey("raw", publicKey)).toString("base64");
const OWNER = { user: 5, ticket: "t", sealKey };

/** A page of the site that is opened by this person; "" by nobody. @param {string} user */
async function visit(user) {
  document.body.dataset.user = user;
  keeper.start();
  keptFor.start();
  await settled();
}

/** The page has asked for its lock, and given it back. */
async function settled() {
  await rest();
  await store.alone("jury-keeper", async () => {});
  await rest();
}

const left = async () => [(await store.changesOf(5)).length, (await store.allSheets()).length, Boolean(await store.ownerOf())];

beforeEach(async () => {
  await store.wipe([], (await store.changesOf(5)).map(({ n }) => n));
  for (const { id } of await store.allSealed()) await store.dropSealed(id);
  localStorage.clear();
  await keeper.claim(OWNER);
  await store.learn(7, { comment: "secret" }, 1);
  await store.addChange({ user: 5, team: 7, kind: "comment", value: "secret", base: 0, key: "k" });
});

test("the next person finds nothing of the former juror, and what was not sent is sealed", async () => {
  await visit("6");

  assert.deepEqual(await left(), [0, 0, false]);
  const [seal] = await store.allSealed();
  assert.ok(seal.id);
  assert.ok(!JSON.stringify(seal).includes("secret"));
  assert.equal(localStorage.length, 0);
});

test("a session that expired leaves everything for its juror", async () => {
  await visit("");
  await visit("5");

  assert.deepEqual([await left(), (await store.allSealed()).length], [[1, 1, true], 0]);
});

test("a juror who signs out leaves nothing", async () => {
  document.querySelector("form").dispatchEvent(new Event("submit", { bubbles: true }));

  await visit("");

  assert.deepEqual([await left(), (await store.allSealed()).length], [[0, 0, false], 1]);
});

test("another juror becomes the owner only once the former one's are sealed", async () => {
  await keeper.claim({ ...OWNER, user: 6 });

  assert.deepEqual([(await store.ownerOf()).user, await store.changesOf(5), (await store.allSealed()).length], [6, [], 1]);
});

test("a stored page of the service worker, made for nobody, changes nothing", async () => {
  delete document.body.dataset.user;
  keeper.start();
  await settled();

  assert.deepEqual(await left(), [1, 1, true]);
});

test("what a page keeps stays for its person, and is deleted for any other", async () => {
  for (const [user, kept] of [["5", true], ["", false], ["6", false]]) {
    localStorage.setItem("kept-for:list", "5");
    await (await caches.open("list")).put("/list/", new Response("list"));

    await visit(user);

    assert.equal(Boolean(await (await caches.open("list")).match("/list/")), kept, user);
  }
});
