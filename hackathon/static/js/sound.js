// Sounds one hour, ten minutes and one minute before the deadline, for those who asked for them. They are synthesised
// here; one tab of a browser plays each of them once.

import { around } from "./dom.js";

const KEPT = "sound"; // in localStorage
const PLAYED = "sound-played";
/** @type {[left: number, notes: number[]][]} ms, Hz */
const CHIMES = [[3_600_000, [587]], [600_000, [587, 784]], [60_000, [587, 784, 988]]];
const LATE = 5_000; // ms; a later sound would be wrong
const NOTE_SECONDS = 0.9;
const BETWEEN = 0.22;

let before = { left: -Infinity, instant: "" };
/** @type {AudioContext | null} */
let audio = null;

/** Read, or write if there is a value. @param {string} key @param {string} [value] */
function kept(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    // Not kept for the next page; it holds for this one.
  }
  return null;
}

let wanted = kept(KEPT) === "on";

// Browsers allow sound only after a tap or a key.
function wake() {
  if (!wanted || !window.AudioContext) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

/** @param {number[]} notes Hz */
function play(notes) {
  const context = audio;
  if (context?.state !== "running") return;
  notes.forEach((pitch, n) => {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const at = context.currentTime + 0.02 + n * BETWEEN;
    tone.type = "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.18, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + NOTE_SECONDS);
  });
}

/**
 * The tab that has the lock plays, and keeps the lock until the others would be late: localStorage alone is not
 * enough, since other tabs may read it a moment later.
 * @param {string} name
 * @param {number[]} notes Hz
 */
async function once(name, notes) {
  if (audio?.state !== "running") return; // another tab may be able to
  /** @param {Lock | null} [lock] */
  const turn = (lock) => {
    if (lock === null || kept(PLAYED) === name) return undefined;
    kept(PLAYED, name);
    play(notes);
    return new Promise((done) => { setTimeout(done, 2 * LATE); });
  };
  if (navigator.locks) await navigator.locks.request(`${PLAYED} ${name}`, { ifAvailable: true }, turn);
  else turn(); // plain http: two tabs may play together
}

/**
 * Play if one of the marks has just been passed.
 * @param {number} left ms until the instant
 * @param {string} instant ISO 8601
 */
export function chime(left, instant) {
  const since = before;
  before = { left, instant };
  if (!wanted || since.instant !== instant) return; // a deadline that is moved over a mark does not pass it
  for (const [mark, notes] of CHIMES) {
    if (since.left > mark && left <= mark && mark - left < LATE) once(`${instant} ${mark}`, notes);
  }
}

/** Play at once, for those who have sounds on. @param {number[]} notes Hz */
export function ring(notes) {
  if (wanted) play(notes);
}

function show() {
  for (const button of document.querySelectorAll("[data-sound]")) button.setAttribute("aria-pressed", String(wanted));
}

export function start() {
  document.addEventListener("click", (event) => {
    if (!around(event, "[data-sound]")) return;
    wanted = !wanted;
    kept(KEPT, wanted ? "on" : "off");
    wake();
    show();
    if (wanted) audio?.resume().then(() => play(CHIMES[0][1])); // lets one hear how loud it is
  });
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, wake);
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEPT) return;
    wanted = newValue === "on";
    show();
  });
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, show);
  show();
}
