// A score sheet with two criteria on a tablet, as templates/judging/scoring/sheet.html makes it.

import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { NOW, answer, open, pass, rest, serve } from "./page.js";

const CONFLICT = `<div data-conflict hidden>${["mine", "theirs"].map((who) =>
  `<button type="button" data-pick="${who}"><b data-slot="value"></b><i data-slot="at"></i></button>`).join("")}</div>`;
const scale = (n, weight, value) => `<div class="scale" data-field="mark-${n}" data-label="Critère ${n}" data-top="20" data-step="0.5"
    data-weight="${weight}" data-rule="par demi-points"><span data-note></span><input class="mark-input" value="${value}">
    <button class="scale-clear" data-to=""></button><button type="button" data-half hidden>½</button>
    <div data-line>${[0, 8, 14].map((to) => `<button class="marks-step" data-to="${to}">${to}</button>`).join("")}</div>${CONFLICT}</div>`;
const texts = Object.fromEntries(["saving", "waits", "saved", "cleared", "to_mend", "missing", "missing_one", "count", "finish_waits", "reopen_waits", "empty", "blank"]
  .map((name) => [name, `${name} {n}{criteria}{marked}`.trim()]));
const data = (id, content) => `<script id="${id}" type="application/json">${JSON.stringify(content)}</script>`;

open(`${data("jury", { user: 5, urls: { synchronise: "/sync/", list: "/jury/" }, translations: texts })}
  ${data("jury-sheet", { version: 4, fields: { "mark-1": "12", comment: "Bien" }, seen: [1], readAt: NOW })}
  ${data("jury-teams", [{ id: 7, final: false, skip: "", url: "/jury/7/" }, { id: 8, final: false, skip: "", url: "/jury/8/" }])}
  <form data-sheet data-team="7" data-name="Com’unik" data-may-remark><p data-newer hidden></p>${scale(1, 3, "12")}${scale(2, 1, "")}
    <details><div data-field="advice-1" data-label="Critère 1 · Mieux"><textarea></textarea><span data-note></span>${CONFLICT}
      <div data-phrases hidden><button type="button" data-phrase>Chiffrez.</button><button type="button" data-phrase>Coupez.</button></div></div>
      <div data-field="share-1" data-label="Critère 1"><select><option value="">Le jury</option><option value="yes">L’équipe</option></select>
      <span data-note></span>${CONFLICT}</div></details>
    <div data-field="comment" data-label="Commentaire"><textarea>Bien</textarea><span data-note></span>${CONFLICT}</div>
    <p data-count></p><p data-total></p><p data-refusal></p><p data-saved></p><div data-strip-own><svg><circle/><text/></svg></div>
    <button type="button" value="finish" data-when="draft">Terminer</button><button type="button" value="reopen" data-when="final">Rouvrir</button>
  </form><span data-sheet-net></span>`, { user: 5 });
Element.prototype.scrollIntoView = () => {};
const sheet = await import("../../hackathon/static/js/jury-sheet.js");
const store = await import("../../hackathon/static/js/jury-store.js");
const sync = await import("../../hackathon/static/js/jury-sync.js");

const one = (selector) => document.querySelector(`form ${selector}`.trim());
const field = (name) => one(`[data-field=${name}]`);
const input = (name) => field(name).querySelector("input, textarea, select");
const note = (name) => field(name).querySelector("[data-note]").textContent.trim();
const tap = (name, to) => {
  field(name).querySelector(`[data-to="${to}"]`).click();
  return rest();
};
const fire = (name, type) => {
  input(name).dispatchEvent(new Event(type, { bubbles: true }));
  return rest();
};
const type = (name, text, event = "change") => {
  input(name).value = text;
  return fire(name, event);
};
const press = (name) => {
  one(`[value=${name}]`).click();
  return pass(2000); // it waits for an answer that long
};
const pressed = (name) => [...field(name).querySelectorAll("[aria-pressed=true]")].map(({ textContent }) => textContent);
let version = 10;
const accept = (_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => ({ state: "accepted", version: ++version })) });
const away = () => { throw new TypeError("no network"); };
const sent = (requests) => requests.flatMap(({ body }) => (body ? JSON.parse(body).changes : [])).map(({ kind, criterion, value }) => [kind, criterion, value]);

serve(accept);
await sheet.start();
beforeEach(() => serve(accept));
afterEach(async () => { // the sheet as the server made it, with nothing unsent
  serve(accept);
  await sync.send();
  await tap("mark-1", "");
  await type("mark-1", "12");
  await tap("mark-2", "");
  await type("mark-2", "");
  await type("comment", "Bien");
  await type("advice-1", "");
  await type("share-1", "");
  await rest();
});

test("a mark is one tap: shown at once, stored, and noted as saved once the server has it", async () => {
  let reply;
  const requests = serve((...given) => new Promise((done) => { reply = () => done(accept(...given)); }));

  await tap("mark-1", "14");
  assert.deepEqual([input("mark-1").value, pressed("mark-1"), note("mark-1")], ["14", ["14"], "saving"]);
  assert.equal((await store.changesOf(5)).length, 1);
  reply();
  await rest();

  assert.deepEqual([sent(requests), note("mark-1")], [[["mark", 1, "14"]], "saved"]);
});

test("half a point more, or less, is one tap, and marks are written with a comma", async () => {
  field("mark-1").querySelector("[data-half]").click();
  await rest();
  assert.deepEqual([input("mark-1").value, pressed("mark-1")], ["12,5", ["½"]]);
  await type("mark-1", "14,5");

  field("mark-1").querySelector("[data-half]").click();
  await rest();

  assert.deepEqual([input("mark-1").value, pressed("mark-1")], ["14", ["14"]]);
});

test("the buttons of a criterion are one tab stop, the mark or the first one, and the arrows move it", async () => {
  const stops = () => [...field("mark-1").querySelectorAll("button:not([data-pick])")].filter(({ tabIndex }) => tabIndex === 0).map(({ textContent }) => textContent);
  const key = (name) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  await tap("mark-1", "14");
  assert.deepEqual(stops(), ["14"]);

  field("mark-1").querySelector("[data-line] [data-to='14']").focus();
  key("ArrowRight");
  assert.deepEqual([document.activeElement.textContent, stops()], ["½", ["½"]]);
  key("ArrowRight");
  assert.deepEqual([document.activeElement.textContent, stops()], ["0", ["0"]]);
  key("Delete");
  await rest();
  assert.equal(input("mark-1").value, "");
  document.activeElement.blur();

  assert.deepEqual(stops(), ["0"]);
});

test("a removed mark is not a zero", async () => {
  await tap("mark-1", "0");
  assert.deepEqual([one("[data-count]").textContent, note("mark-1")], ["count 1", "saved"]);

  await tap("mark-1", "");

  assert.deepEqual([input("mark-1").value, one("[data-count]").textContent, note("mark-1")], ["", "count 0", "cleared"]);
  assert.equal((await store.sheetOf(7)).fields["mark-1"].value, "");
});

test("the total is there once all criteria are marked", async () => {
  assert.equal(one("[data-total]").textContent, "");

  await tap("mark-2", "8");

  assert.equal(one("[data-total]").textContent, "11,00 / 20");
});

test("what is no mark stays in the field with the rule, is not sent, and the sheet is not finished with the former mark", async () => {
  await tap("mark-2", "8");
  const requests = serve(accept);
  await type("mark-2", "15,75");
  assert.deepEqual([sheet.wrong(), note("mark-2")], [1, "par demi-points"]);

  await tap("mark-1", "14"); // another one is saved meanwhile
  await press("finish");
  assert.deepEqual([input("mark-2").value, note("mark-2"), sheet.wrong()], ["15,75", "par demi-points", 1]);
  assert.equal(one("[data-refusal]").textContent, "to_mend 1Critère 2");
  await type("mark-2", "15,5");

  assert.deepEqual([note("mark-2"), sheet.wrong(), one("[data-refusal]").textContent], ["saved", 0, ""]);
  assert.deepEqual(sent(requests), [["mark", 1, "14"], ["mark", 2, "15.5"]]);
});

test("why a sheet cannot be finished is shown until something is changed, not until something is saved", async () => {
  let reply;
  await tap("mark-1", "");
  serve((...given) => new Promise((done) => { reply = () => done(accept(...given)); }));
  await tap("mark-1", "8");

  await press("finish");
  assert.equal(one("[data-refusal]").textContent, "missing_one 1Critère 2");
  reply();
  await rest();
  assert.deepEqual([note("mark-1"), one("[data-refusal]").textContent], ["saved", "missing_one 1Critère 2"]);
  await tap("mark-2", "8");

  assert.equal(one("[data-refusal]").textContent, "");
  reply();
  await rest();
});

test("a mark that is being typed stays while another one is saved", async () => {
  await type("mark-2", "17,5", "input");

  await tap("mark-1", "14");
  assert.deepEqual([note("mark-1"), input("mark-2").value], ["saved", "17,5"]);
  await fire("mark-2", "change");

  assert.deepEqual([input("mark-2").value, note("mark-2")], ["17,5", "saved"]);
});

test("a comment is saved half a second after the last key, or when the page is left", async () => {
  const requests = serve(accept);
  await type("comment", "Très", "input");
  await pass(400);
  await type("comment", "Très bien", "input");
  await pass(499);
  assert.deepEqual(sent(requests), []);
  await pass(1);
  assert.deepEqual(sent(requests), [["comment", undefined, "Très bien"]]);

  await type("comment", "Très bien !", "input");
  window.dispatchEvent(new Event("pagehide"));
  await rest();

  assert.equal(sent(requests).length, 2);
});

test("without a network marks wait on the device", async () => {
  serve(away);

  await tap("mark-1", "14");
  await tap("mark-2", "8");

  assert.deepEqual([note("mark-1"), note("mark-2")], ["waits", "waits"]);
  assert.ok(field("mark-1").classList.contains("is-late"));
  assert.deepEqual((await store.changesOf(5)).map(({ value }) => value), ["14", "8"]);
});

test("a conflict shows both marks, and the juror's choice counts", async () => {
  version += 10;
  serve(() => answer({ answers: [{ state: "conflict", version, theirs: { value: "10.5", at: "2020-11-28T20:00:00Z" } }] }));
  await tap("mark-1", "14");
  const box = field("mark-1").querySelector("[data-conflict]");
  assert.equal(box.hidden, false);
  assert.deepEqual([...box.querySelectorAll("b, i:last-child")].map(({ textContent }) => textContent).toSpliced(1, 1), ["14", "10,5", "20:00:00"]);
  const requests = serve(accept);

  box.querySelector("[data-pick=theirs]").click();
  await rest();

  assert.deepEqual([box.hidden, input("mark-1").value, sent(requests)], [true, "10,5", []]);
});

test("another tablet's marks are taken over when the page is shown, but not over what was not sent", async () => {
  serve(away);
  await tap("mark-1", "14");
  version += 10;
  const html = data("jury-sheet", { version, fields: { "mark-1": "3", "mark-2": "6" }, seen: [1, 2] });
  serve((url) => (url === location.pathname ? new Response(`<body data-user="5">${html}`) : away()));

  document.dispatchEvent(new Event("visibilitychange"));
  await rest();

  assert.deepEqual([input("mark-1").value, input("mark-2").value, one("[data-newer]").hidden], ["14", "6", false]);
});

test("a finished sheet is closed at once, the next team follows, and it can be reopened", async () => {
  await tap("mark-2", "8");
  serve(away);

  await press("finish");
  assert.ok(one("").classList.contains("is-final"));
  assert.deepEqual([input("mark-1").disabled, one("[data-saved]").textContent.trim(), location.pathname], [true, "finish_waits", "/jury/8/"]);
  serve(accept);
  await press("reopen");

  assert.deepEqual([input("mark-1").disabled, one("[data-saved]").textContent], [false, ""]);
});

test("a sheet that is reopened without a network says so until the server has it", async () => {
  await tap("mark-2", "8");
  await press("finish");
  serve(away);

  await press("reopen");
  await tap("mark-1", "14");
  assert.deepEqual([input("mark-1").disabled, one("[data-saved]").textContent.trim()], [false, "reopen_waits"]);
  serve(accept);
  await sync.send();
  await rest();

  assert.equal(one("[data-saved]").textContent, "");
});

test("without a network a sentence about a criterion waits on the device, and is sent as one of it", async () => {
  serve(away);
  await type("advice-1", "Chiffrez le marché.");
  await type("share-1", "yes");
  assert.deepEqual((await store.changesOf(5)).map(({ kind, criterion, value }) => [kind, criterion, value]),
    [["advice", 1, "Chiffrez le marché."], ["share", 1, "yes"]]);
  assert.equal(note("advice-1"), "waits");

  const requests = serve(accept);
  await sync.send();
  await rest();

  assert.deepEqual(sent(requests), [["advice", 1, "Chiffrez le marché."], ["share", 1, "yes"]]);
  assert.deepEqual([note("advice-1"), (await store.changesOf(5)).length], ["saved", 0]);
});

test("a conflict about a sentence unfolds it and shows both", async () => {
  const details = field("advice-1").closest("details");
  details.open = false;
  serve((_url, { body }) => answer({ answers: JSON.parse(body).changes.map(() => (
    { state: "conflict", version: 30, theirs: { value: "Coupez \"tout\".", at: new Date(NOW).toISOString() } })) }));

  await type("advice-1", "Chiffrez.");
  await pass(2000);

  const sides = [...field("advice-1").querySelectorAll("[data-pick] b")].map(({ textContent }) => textContent);
  assert.deepEqual([details.open, sides], [true, ["Chiffrez.", "Coupez \"tout\"."]]);
  serve(accept);
  field("advice-1").querySelector("[data-pick=mine]").click();
  await pass(2000);
  assert.deepEqual([input("advice-1").value, (await store.changesOf(5)).length], ["Chiffrez.", 0]);
});

test("a tap takes a phrase of the organizers, to be adapted", async () => {
  const [first, second] = field("advice-1").querySelectorAll("[data-phrase]");
  const requests = serve(accept);

  first.click();
  second.click();
  first.click(); // once is enough
  await rest();

  assert.equal(input("advice-1").value, "Chiffrez. Coupez.");
  assert.deepEqual(sent(requests).at(-1), ["advice", 1, "Chiffrez. Coupez."]);
});

test("a finished sheet still takes sentences", async () => {
  await tap("mark-2", "8");
  await press("finish");

  assert.deepEqual([input("mark-1").disabled, input("comment").disabled, input("advice-1").disabled], [true, true, false]);
  await press("reopen");
  assert.equal(input("mark-1").disabled, false);
});
