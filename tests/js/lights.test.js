import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, fire, open } from "./page.js";

open(`<main></main><div data-toasts aria-live="polite"></div><script type="application/json" id="translations">{"lit": "Toutes", "lit_thanks": "Bravo"}</script>`, { user: 7 });
const lights = await import("../../hackathon/static/js/lights.js");

const at = (seconds) => new Date(NOW + seconds * 1000).toISOString();
const toasts = () => [...document.querySelectorAll(".toast.is-lit")];
const complete = (seconds, team = 4) => fire("live:lights.completed", { at: at(seconds), data: { team, windows: 3 } });

lights.start();
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  document.querySelector("[data-toasts]").innerHTML = "";
});

test("the last window lights up on an open page: a sentence, and a drawing that is not read out", () => {
  complete(5);

  const [toast] = toasts();
  assert.match(toast.textContent, /Toutes.*Bravo/);
  assert.equal(toast.querySelectorAll(".toast-floor[aria-hidden=true] > .window").length, 3);
  assert.equal(toast.querySelector(".is-still"), null);
});

test("the same message again, after a break of the connection, shows nothing", () => {
  complete(5);
  document.querySelector("[data-toasts]").innerHTML = "";

  complete(5);

  assert.deepEqual(toasts(), []);
});

test("another open tab of the same person says it too, without moving", () => {
  localStorage.setItem("lights-7-4", "shown");

  complete(5);

  assert.ok(toasts()[0].querySelector(".toast-floor.is-still"));
});

test("a page that is opened afterwards says nothing, unless no tab has said it", () => {
  complete(-60);
  assert.deepEqual(toasts(), []);

  localStorage.setItem("lights-7-4", "shown");
  complete(-1);
  assert.deepEqual(toasts(), []);

  localStorage.clear();
  sessionStorage.clear();
  complete(-1);
  assert.equal(toasts().length, 1);
});
