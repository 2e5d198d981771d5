import assert from "node:assert/strict";
import { test } from "node:test";

import { fire, open, rest } from "./page.js";

const window = open(`<button data-sound aria-pressed="false"></button><section id="block-wrong" data-urgent="1"></section>`);
/** @type {number[]} frequencies of the notes that were played */
let notes = [];
const gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
globalThis.AudioContext = window.AudioContext = class {
  state = "running";
  currentTime = 0;
  resume = async () => {};
  createGain = () => ({ gain, connect() {} });
  createOscillator = () => {
    const frequency = {};
    return { frequency, connect: (next) => next, start: () => notes.push(frequency.value), stop() {} };
  };
};
const sound = await import("../../hackathon/static/js/sound.js");
await import("../../hackathon/static/js/control-room.js");
const block = document.querySelector("#block-wrong");

/** The server's version of the block, and the notes that it plays. */
async function fetched(count, rows = "") {
  notes = [];
  block.setAttribute("data-urgent", String(count));
  block.innerHTML = rows;
  fire("live:refetched");
  await rest();
  return notes;
}

test("it rings for what is urgent, of the page and of extras, once", async () => {
  sound.start();
  document.querySelector("[data-sound]").click();
  await rest();
  const row = `<li data-urgent="1"></li>`;

  assert.deepEqual(await fetched(2), [988, 784]);
  assert.deepEqual(await fetched(2), []);
  assert.deepEqual(await fetched(2, row), [988, 784]);
  assert.deepEqual(await fetched(2, `<li></li>`), []); // somebody has taken it
});
