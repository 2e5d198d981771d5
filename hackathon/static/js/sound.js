// Three sounds on the way to the deadline, for who asked for them: at one hour, ten minutes and one minute.
// Made here, note by note; one tab of a browser plays them, and each only once.

const KEPT = "sound"; // on this device
const PLAYED = "sound-played";
const NOTES = { 3_600_000: [587], 600_000: [587, 784], 60_000: [587, 784, 988] }; // ms left → Hz
const LATE = 5_000; // one that could not sound in time says something false
const NOTE_SECONDS = 0.9;
const BETWEEN = 0.22;

let before = { left: -Infinity, instant: "" };
let audio = null;

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

// A browser lets a page sound once somebody has touched it.
function wake() {
  if (!wanted || !window.AudioContext) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

function play(notes) {
  if (audio?.state !== "running") return;
  notes.forEach((pitch, n) => {
    const [at, tone, volume] = [audio.currentTime + 0.02 + n * BETWEEN, audio.createOscillator(), audio.createGain()];
    tone.type = "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.18, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + NOTE_SECONDS);
  });
}

// The tab that has the lock sounds, and keeps it until the others would be late. (What one tab stores another
// may read only a moment later: that alone is not enough.)
async function once(name, notes) {
  if (audio?.state !== "running") return; // another tab may be able to
  const turn = (lock) => {
    if (lock === null || kept(PLAYED) === name) return undefined;
    kept(PLAYED, name);
    play(notes);
    return new Promise((done) => { setTimeout(done, 2 * LATE); });
  };
  if (navigator.locks) await navigator.locks.request(`${PLAYED} ${name}`, { ifAvailable: true }, turn);
  else turn(); // plain http: two tabs may sound together, that is all
}

/** `left` milliseconds remain until `instant`: sound if one of the three has just gone by. */
export function chime(left, instant) {
  const since = before;
  before = { left, instant };
  if (!wanted || since.instant !== instant) return; // a deadline that jumps over a mark does not pass it
  for (const [mark, notes] of Object.entries(NOTES)) {
    if (since.left > mark && left <= mark && mark - left < LATE) once(`${instant} ${mark}`, notes);
  }
}

function show() {
  for (const button of document.querySelectorAll("[data-sound]")) button.setAttribute("aria-pressed", String(wanted));
}

export function start() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sound]")) return;
    wanted = !wanted;
    kept(KEPT, wanted ? "on" : "off");
    wake();
    show();
    if (wanted) audio?.resume().then(() => play(NOTES[3_600_000])); // so that one knows how loud
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
