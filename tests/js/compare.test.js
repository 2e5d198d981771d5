// Two own sheets side by side, as templates/judging/scoring/compare.html makes them.

import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, rest, serve } from "./page.js";

const TEAMS = [7, 8, 9];
const cells = (name, texts) => `<tr>${TEAMS.map((team, n) => `<td data-team="${team}" data-cell="${name}">${texts[n]}</td>`).join("")}</tr>`;
const select = (name) => `<select name="${name}">${TEAMS.map((team) => `<option value="${team}">${team}</option>`).join("")}</select>`;

open(`<script id="jury" type="application/json">${JSON.stringify({ user: 5, urls: { synchronise: "/sync/" }, translations: {} })}</script>
  <section data-compare data-scales="1:3:20 2:1:20">${select("first")}${select("second")}
  <table><tr>${TEAMS.map((team) => `<th data-team="${team}" data-version="4">${team}</th>`).join("")}</tr>
  ${cells("mark-1", ["12", "–", "16"])}${cells("mark-2", ["8", "14,5", "–"])}${cells("total", ["11,00", "–", "–"])}${cells("comment", ["Bien", "–", "–"])}
  </table></section>`, { user: 5 });
history.replaceState(null, "", "?first=8");
const compare = await import("../../hackathon/static/js/jury-compare.js");
const store = await import("../../hackathon/static/js/jury-store.js");
const sync = await import("../../hackathon/static/js/jury-sync.js");

const shown = () => [...document.querySelectorAll("th:not([hidden])")].map(({ textContent }) => textContent);
const column = (team) => [...document.querySelectorAll(`td[data-team="${team}"]`)].map(({ textContent }) => textContent);
serve(() => { throw new TypeError("no network"); });

test("what the address asks for is shown, and another choice needs no request", async () => {
  compare.start();
  await rest();
  assert.deepEqual(shown(), ["8", "7"]);

  const second = document.querySelector("[name=second]");
  second.value = "9";
  second.dispatchEvent(new Event("change"));

  assert.deepEqual(shown(), ["8", "9"]);
  assert.deepEqual([...document.querySelectorAll("[name=first] option")].map(({ disabled }) => disabled), [false, false, true]);
});

test("marks of this device that the page does not have are on top of it", async () => {
  await store.learn(7, { "mark-1": "3", comment: "Ancien" }, 2); // the page is newer
  await store.learn(8, { "mark-1": "10" }, 5);
  await sync.keep({ team: 9, kind: "mark", criterion: 2, value: "4.5", base: 0, label: "" });
  await sync.keep({ team: 9, kind: "comment", value: "À revoir", base: 0, label: "" });
  await rest();

  assert.deepEqual(column(7), ["12", "8", "11,00", "Bien"]);
  assert.deepEqual(column(8), ["10", "14,5", "11,13", "–"]);
  assert.deepEqual(column(9), ["16", "4,5", "13,13", "À revoir"]);
});
