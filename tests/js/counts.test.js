import assert from "node:assert/strict";
import { test } from "node:test";

import { fire, open } from "./page.js";

open(`<nav><span data-count="announcements" data-unread="a1-1 a2-1" data-waiting="0"><b>2</b></span>
  <span data-count="questions" data-unread="" data-waiting="0" hidden><b>0</b></span></nav>`);
const { start } = await import("../../hackathon/static/js/counts.js");
const shown = () => [...document.querySelectorAll("[data-count]")].map(({ hidden, textContent }) => (hidden ? "" : textContent));
start();

test("announcements count as they arrive: a correction once, a withdrawn one no more, none that was read", () => {
  const steps = [
    ["live:announcement.published", { data: { id: 3, stamp: "a3-1" } }, "3"],
    ["live:announcement.corrected", { data: { id: 3, stamp: "a3-2" } }, "3"],
    ["live:announcement.withdrawn", { data: { id: 1 } }, "2"],
    ["announcement:read", { stamps: ["a2-1", "a3-2"] }, ""],
  ];

  for (const [type, detail, wanted] of steps) {
    fire(type, detail);
    assert.deepEqual(shown(), [wanted, ""], type);
  }
});
