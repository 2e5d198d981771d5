import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { halved, isMark, plain, totalOf, written } from "../../hackathon/static/js/jury-marks.js";

test("typed text becomes the text of a change", () => {
  assert.deepEqual(["14,5", " 14.50 ", "014", "", "  "].map(plain), ["14.5", "14.5", "14", "", ""]);
  assert.equal(plain("douze"), "NaN");
});

test("a mark is empty or goes from 0 to the top in steps", () => {
  const accepted = ["", "0", "0.5", "10", "19.5", "20", "20.5", "-1", "14.25", "NaN"].filter((text) => isMark(text, 20, 0.5));
  assert.deepEqual(accepted, ["", "0", "0.5", "10", "19.5", "20"]);
});

test("a half point is added or taken away, and stays on the scale", () => {
  assert.equal(halved("14", 20), 14.5);
  assert.equal(halved("14,5", 20), 14);
  assert.equal(halved("0", 20), 0.5);
  for (const text of ["20", "", "douze"]) assert.equal(halved(text, 20), null);
});

test("the total is weighted, out of 20, and only there when all marks are", () => {
  assert.equal(totalOf([{ value: "15", top: 20, weight: 3 }, { value: "5", top: 10, weight: 1 }]), 13.75);
  assert.equal(totalOf([{ value: "15", top: 20, weight: 3 }, { value: "", top: 10, weight: 1 }]), null);
  assert.equal(totalOf([]), null);
  assert.equal(written(13.75, ","), "13,75");
  assert.equal(written(12.825, ","), "12,83"); // half up, as in judging/scales.py
  assert.equal(written(14, ","), "14,00");
});

// tests/judging/test_scales.py checks the same tables against the server's rules.
const table = (name) => JSON.parse(readFileSync(new URL(`../tables/${name}.json`, import.meta.url), "utf8"));

test("a text is a mark where the server takes it for one", () => {
  for (const { top, step, text, written: expected } of table("marks")) {
    assert.equal(isMark(plain(text), top, step) ? plain(text) : null, expected, JSON.stringify({ text, top }));
  }
});

test("totals are those of the server", () => {
  for (const { marks, total } of table("totals")) {
    const found = totalOf(marks);
    assert.equal(found === null ? null : Math.round(found * 1e4) / 1e4, total, JSON.stringify(marks));
  }
});
