import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, fire, open } from "../../js/page.js";

open(`<main></main>`);
const works = await import("../../../hackathon/extras/gallery/static/js/works.js");

const main = document.querySelector("main");
const left = () => [...document.querySelectorAll("[data-work]")].map((work) => work.dataset.work);
const change = (team, circle) => fire("live:work.changed", { at: new Date(NOW).toISOString(), data: { team, circle } });

works.start();
beforeEach(() => {
  main.innerHTML = `<div data-gallery="2"><ul><li data-work="4"></li><li data-work="5"></li></ul></div>`;
});

test("a work that is no longer shown leaves the page at once, and no other one", () => {
  change(4, 1);

  assert.deepEqual(left(), ["5"]);
});

test("a work that is still shown to this circle stays", () => {
  change(4, 3);
  change(5, 2);

  assert.deepEqual(left(), ["4", "5"]);
});

test("on a public page it leaves when only participants may see it", () => {
  main.innerHTML = `<section data-work-gone hidden></section><article data-gallery="3" data-work="4"><video></video></article>`;

  change(4, 2);

  assert.deepEqual(left(), []);
  assert.equal(document.querySelector("video"), null);
  assert.equal(document.querySelector("[data-work-gone]").hidden, false);
});
