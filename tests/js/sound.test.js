import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fire, open, rest } from "./page.js";

const window = open(`<button data-sound aria-pressed="false"></button>`);
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
const button = document.querySelector("[data-sound]");
const MINUTE = 60_000;

async function turn(wanted) {
  if ((button.getAttribute("aria-pressed") === "true") !== wanted) button.click();
  await rest();
  notes = [];
}

/** What is left at each look. */
async function look(instant, ...lefts) {
  for (const left of lefts) sound.chime(left, instant);
  await rest();
  return notes;
}

sound.start();
beforeEach(() => turn(true));

test("one hour, ten minutes and one minute before the end, each once", async () => {
  assert.deepEqual(await look("a", 60 * MINUTE + 500, 60 * MINUTE - 500), [587]);
  assert.deepEqual(await look("a", 10 * MINUTE + 500, 10 * MINUTE - 500), [587, 587, 784]);
  await look("a", 10 * MINUTE + 500, 10 * MINUTE - 500); // of a clock that was corrected
  assert.deepEqual(await look("a", MINUTE + 1, MINUTE), [587, 587, 784, 587, 784, 988]);
});

test("no sound that nobody asked for, none too late, none for a mark over which the deadline was moved", async () => {
  assert.deepEqual(await look("b", 10 * MINUTE + 1, 10 * MINUTE - 6000), []); // the page slept
  sound.chime(120 * MINUTE, "c");
  assert.deepEqual(await look("d", 9 * MINUTE, 9 * MINUTE - 1000), []);

  await turn(false);

  assert.deepEqual(await look("e", MINUTE + 1, MINUTE), []);
});

test("the switch is kept on this device, shown in parts that are fetched, and followed by other tabs", async () => {
  assert.equal(localStorage.getItem("sound"), "on");
  button.setAttribute("aria-pressed", "false"); // as the server made it
  fire("live:refetched");
  assert.equal(button.getAttribute("aria-pressed"), "true");
  button.setAttribute("aria-pressed", "false");
  (await import("../../hackathon/static/js/sound.js?next-page")).start();
  assert.equal(button.getAttribute("aria-pressed"), "true");

  window.dispatchEvent(Object.assign(new Event("storage"), { key: "sound", newValue: "off" }));

  assert.equal(button.getAttribute("aria-pressed"), "false");
  assert.deepEqual(await look("f", MINUTE + 1, MINUTE), []);
});

test("another tab that plays the sound is enough", async () => {
  navigator.locks.request = (_name, _options, act) => act(null);

  assert.deepEqual(await look("g", MINUTE + 1, MINUTE), []);
});
