import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { define, open } from "./page.js";

open("<main></main>");
const { morph } = await import("../../hackathon/static/js/morph.js");

const OLD = `<div id="part"><p>Ancien</p>
  <form action="/a/"><input name="code" value=""><textarea name="text">x</textarea>
    <select name="kind"><option>a<option>b</select>
    <input type="radio" name="room" value="1" checked><input type="radio" name="room" value="2"><input type="hidden" name="seen" value="1"><input type="checkbox"></form>
  <details id="more"><summary>Plus</summary></details>
  <dialog id="ask"><p>Sûr ?</p><input name="why"></dialog>
  <div id="later" hx-preserve>chargé</div>
  <ul><li><a href="/1/">Un</a></li><li><a href="/2/">Deux</a></li><li><a href="/3/">Trois</a></li></ul></div>`;
const FRESH = `<div id="part" class="is-new"><p>Nouveau</p><p>De plus</p>
  <form action="/a/"><input name="code" value="défaut"><textarea name="text">y</textarea>
    <select name="kind"><option>a<option selected>b<option>c</select>
    <input type="radio" name="room" value="1"><input type="radio" name="room" value="2" checked><input type="hidden" name="seen" value="2"><input type="checkbox"></form>
  <details id="more"><summary>Plus (2)</summary></details>
  <dialog id="ask"><p>Vraiment ?</p><input name="why"></dialog>
  <div id="later" hx-preserve></div>
  <ul><li><a href="/0/">Zéro</a></li><li><a href="/2/">Deux, plus loin</a></li><li><a href="/1/">Un</a></li></ul></div>`;

const one = (selector) => document.querySelector(`main ${selector}`);
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").getElementById("part");
const become = (html = FRESH) => morph(one("#part"), parsed(html));

beforeEach(() => { document.querySelector("main").innerHTML = OLD; });

test("untouched fields get the values of the server", () => {
  become();

  const values = ["code", "text", "kind", "seen"].map((name) => one(`[name=${name}]`).value);
  assert.deepEqual(values, ["défaut", "y", "b", "2"]);
  assert.equal(one("[name=room]:checked").value, "2");
});

test("what was typed or chosen stays, and what is open", () => {
  one("[name=code]").value = "KX4P9T";
  one("[name=text]").value = "un brouillon";
  one("[name=kind]").value = "b";
  one("[type=checkbox]").checked = true;
  one("details").open = true;

  become(FRESH.replace("<option selected>b", "<option>b"));

  assert.deepEqual(["code", "text", "kind"].map((name) => one(`[name=${name}]`).value), ["KX4P9T", "un brouillon", "b"]);
  assert.equal(one("[name=kind]").options.length, 3);
  assert.ok(one("[type=checkbox]").checked);
  assert.deepEqual([one("details").open, one("summary").textContent], [true, "Plus (2)"]);
});

test("a page has the new texts, in elements that were there, and rows move with their links", () => {
  const kept = ["form", "details", "[href='/1/']", "[href='/2/']"].map((selector) => [selector, one(selector)]);

  become();

  assert.deepEqual([...document.querySelectorAll("#part > p")].map(({ textContent }) => textContent), ["Nouveau", "De plus"]);
  assert.equal(one("#part").className, "is-new");
  assert.deepEqual([...document.querySelectorAll("main li")].map((row) => row.textContent), ["Zéro", "Deux, plus loin", "Un"]);
  for (const [selector, element] of kept) assert.equal(one(selector), element);
});

test("an open dialog is not changed, nor removed", () => {
  one("dialog").showModal();
  one("[name=why]").value = "parce que";

  become();
  become(FRESH.replace(/<dialog.*<\/dialog>/, ""));

  assert.deepEqual([one("dialog").open, one("dialog p").textContent], [true, "Sûr ?"]);
  assert.equal(one("[name=why]").value, "parce que");
});

test("a playing film is not changed, a paused one is", () => {
  one("#part").insertAdjacentHTML("beforeend", `<video id="film" data-n="1"></video>`);
  const fresh = FRESH.replace("</ul>", `</ul><video id="film" data-n="2"></video>`);
  define(one("#film"), "paused", false);

  become(fresh);
  assert.equal(one("#film").dataset.n, "1");
  define(one("#film"), "paused", true);
  become(fresh);

  assert.equal(one("#film").dataset.n, "2");
});

test("a removed form stays while it has typed text", () => {
  const gone = FRESH.replace(/<form[^]*<\/form>/, "");
  one("[name=text]").value = "presque fini";

  become(gone);
  assert.equal(one("[name=text]").value, "presque fini");
  one("form").reset();
  become(gone);

  assert.equal(one("form"), null);
});

test("a part that fills itself is not emptied", () => {
  become();

  assert.equal(one("#later").textContent, "chargé");
});

test("templates get their new content", () => {
  const html = (text) => `<div id="part"><template data-at="t"><b>${text}</b></template></div>`;
  document.querySelector("main").innerHTML = html("un");

  become(html("deux"));

  assert.equal(one("template").content.textContent, "deux");
});

test("styles that a script has set stay", () => {
  one("p").setAttribute("style", "width: 40%");

  become();

  assert.equal(one("p").getAttribute("style"), "width: 40%");
});

test("a part that the person has unfolded is not replaced by the folded one", () => {
  document.querySelector("main").innerHTML = `<div id="part" data-src="/forms/">formulaire</div>`;

  become(`<div id="part">replié</div>`);

  assert.equal(one("#part").textContent, "formulaire");
});
