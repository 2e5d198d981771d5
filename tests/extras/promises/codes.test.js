// The code of a promise, and the SHA-256 of a file in pieces.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { sha256Of } from "#site/sha256.js";
import { codeOf } from "../../../hackathon/extras/promises/static/js/promises-codes.js";

const TABLE = JSON.parse(readFileSync(new URL("codes.json", import.meta.url), "utf8"));

for (const { code, ...promised } of TABLE) {
  test(`the code ${code.slice(0, 9)} is the one that the server reads`, () => {
    assert.equal(codeOf(promised), code);
  });
}

test("the clock begins again, and what has no place has no code", () => {
  const { code, ...promised } = TABLE[0];
  assert.equal(codeOf({ ...promised, clock: promised.clock + 2 ** 19 }), code);
  assert.equal(codeOf({ ...promised, team: 2 ** 20 }), "");
  assert.equal(codeOf({ ...promised, size: 2 ** 36 }), "");
});

test("a file of several pieces has its digest, and tells how far it is", async () => {
  const content = Buffer.alloc(17 * 1024 * 1024 + 3, "promised ");
  const read = [];
  const digest = await sha256Of(new Blob([content]), (bytes) => read.push(bytes));

  assert.equal(digest, createHash("sha256").update(content).digest("hex"));
  assert.deepEqual(read, [0, 8 * 1024 * 1024, 16 * 1024 * 1024]);
});
