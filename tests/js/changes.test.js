import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fieldOf, isSettled, outdatedBy, replacedBy, retryAfter, sentOf, troubleOf, valueOf, waiting,
} from "../../hackathon/static/js/jury-changes.js";

const mark = (n, value, more = {}) => ({ n, team: 7, kind: "mark", criterion: 3, value, base: 0, ...more });

test("a change names its field and its value", () => {
  assert.equal(fieldOf(mark(1, "14")), "mark-3");
  assert.equal(fieldOf({ kind: "comment" }), "comment");
  assert.deepEqual(["finish", "reopen"].map((kind) => fieldOf({ kind })), ["state", "state"]);
  assert.deepEqual(["finish", "reopen", "notes"].map((kind) => valueOf({ kind, value: "x" })), ["final", "draft", "x"]);
});

test("what was refused or is in conflict is not sent again by itself", () => {
  const queue = [mark(1, "14"), mark(2, "15", { state: "refused" }), mark(3, "16", { state: "conflict" }), mark(4, "17")];

  assert.deepEqual(waiting(queue).map(({ n }) => n), [1, 4]);
});

test("a new change replaces a refused one of the same field of the same team only", () => {
  const refused = { state: "refused" };
  const queue = [
    mark(1, "14", refused), mark(2, "15", { state: "conflict" }), mark(3, "16"), mark(4, "1", { ...refused, team: 8 }),
    mark(5, "1", { ...refused, criterion: 4 }), { n: 6, team: 7, kind: "notes", value: "", base: 0, ...refused },
  ];

  assert.deepEqual(replacedBy(queue, mark(7, "17")).map(({ n }) => n), [1]);
});

test("of several changes that are not accepted the newest stays", () => {
  const conflict = { state: "conflict" };
  const queue = [mark(1, "14", conflict), mark(2, "15", conflict), mark(3, "16"), mark(4, "17", conflict)];

  assert.deepEqual(outdatedBy(queue, mark(3, "16")).map(({ n }) => n), [1, 2]);
});

test("what only this tablet needs is not sent", () => {
  const sent = sentOf(mark(1, "14", { key: "k", user: 5, queue: "jury", state: "", label: "Équipe", seen: [1], given_at: "t" }));

  assert.deepEqual(Object.keys(sent).sort(), ["base", "criterion", "given_at", "key", "kind", "seen", "team", "value"]);
});

test("a response without answers has a reason", () => {
  const response = (status, type = "basic") => ({ type, status, ok: status >= 200 && status < 300 });

  assert.equal(troubleOf(response(200)), "");
  assert.deepEqual([401, 403].map((status) => troubleOf(response(status))), ["expired", "expired"]);
  assert.equal(troubleOf(response(0, "opaqueredirect")), "expired");
  assert.deepEqual([404, 409].map((status) => troubleOf(response(status))), ["somebody_else", "somebody_else"]);
  assert.deepEqual([500, 502].map((status) => troubleOf(response(status))), ["offline", "offline"]);
});

test("accepted, or already there: the change leaves the queue", () => {
  assert.deepEqual(["accepted", "already", "refused", "conflict"].map((state) => isSettled({ state })), [true, true, false, false]);
});

test("the next attempt comes after 2 to 30 seconds, plus or minus a quarter", () => {
  assert.deepEqual([0, 1, 4, 50].map((failures) => retryAfter(failures, 0.5)), [2000, 4000, 30_000, 30_000]);
  assert.deepEqual([0, 1].map((random) => retryAfter(0, random)), [1500, 2500]);
});
