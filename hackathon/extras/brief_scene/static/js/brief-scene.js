// The scene « Le sujet » on a projector that has a name: the encrypted contents are loaded beforehand, and shown from the
// instant on by the server's time, without a network if need be (docs/decisions/0040-the-slide-that-starts.md). The key and
// what it opens stay in the memory of this page.

import "#site/main.js"; // one bundle with what every page runs
import { serverNow, uncertainty } from "#site/clock.js";
import { openApart } from "#site/container-open.js";
import { fetchWhole, keepOnly, remove } from "#site/container-store.js";
import { csrfToken } from "#site/csrf.js";
import { one } from "#site/dom.js";
import { stale } from "#site/parts.js";
import { isMuted, play } from "#site/screen-sound.js";
import { cancel, later } from "#site/ticker.js";

/** @typedef {import("#site/container-store.js").Stored} Stored */
/** @typedef {{ name: string, ms: number, media?: HTMLElement }} Step `ms`: how long it is shown */
/** @typedef {{ steps: Step[], urls: string[] }} Opened */

const TIMEOUT = 8000; // ms
const REPORT = { calm: 10_000, last: 2000, due: 700 }; // ms between two reports
const LAST_MINUTES = 120_000; // ms before the instant, which may still be moved, and after it
const CLIENT_MS = 8000;
const FRAME = 250; // ms
const NO_ESTIMATE = 1_000_000_000; // ms
const FORWARD = ["ArrowRight", "PageDown"];
const BACK = ["ArrowLeft", "PageUp"];

const show = /** @type {HTMLElement | null} */ (document.querySelector("[data-show]"));
let instant = NaN;
let instantText = "";
/** @type {Stored | null} */
let piece = null;
let isWhole = false;
let key = "";
let isOpening = false;
/** @type {Opened | null} */
let opened = null;
let skipped = 0; // ms, with the arrow keys on this machine
/** @type {Step | null} */
let current = null;
let reportTimer = 0;
let drawTimer = 0;
let isDue = false;

const elapsed = () => serverNow() - instant + skipped;
const isChosen = () => one("#stage").dataset.scene === "brief";

// ---------------------------------------------------------------- what this page knows

function close() {
  for (const url of opened?.urls ?? []) URL.revokeObjectURL(url);
  opened = null;
  key = "";
}

function nextReport() {
  const left = instant - serverNow();
  if (!(Math.abs(left) < LAST_MINUTES)) return REPORT.calm; // on the next day there is no package any more
  if (left > 0) return REPORT.last;
  return opened ? REPORT.calm : REPORT.due;
}

async function report() {
  cancel(reportTimer);
  reportTimer = later(report, nextReport());
  const body = new FormData();
  body.set("package", isWhole && piece ? piece.id : "");
  body.set("has_key", opened ? "on" : "");
  body.set("clock_error_ms", String(Math.min(Math.ceil(uncertainty()), NO_ESTIMATE)));
  body.set("known_instant", instantText);
  body.set("is_muted", isMuted() ? "on" : "");
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const signal = AbortSignal.timeout?.(TIMEOUT);
    const answer = await fetch(show?.dataset.show ?? "", { method: "POST", body, headers, signal });
    if (answer.status === 404) end();
    else if (answer.ok) take(await answer.json());
  } catch {
    // Without a network this page goes on with what it knows.
  }
}

/** Its address was replaced: nothing of it stays here. */
function end() {
  cancel(reportTimer);
  close();
  if (piece) remove(piece);
  location.reload();
}

/** @param {{ instant: string, package: Stored | null, key: string }} known */
function take({ instant: at, package: listed, key: given }) {
  const before = [instantText, piece?.id, key].join();
  [instant, instantText] = [Date.parse(at), at];
  for (const time of document.querySelectorAll("[data-brief-countdown] time")) {
    if (time instanceof HTMLTimeElement) time.dateTime = at;
  }
  if (listed?.id !== piece?.id) {
    close();
    piece = listed;
    isWhole = false;
  }
  if (!given) close(); // the instant is further away now
  key = given;
  if (piece && !isWhole) load(piece);
  open();
  if ([instantText, piece?.id, key].join() !== before) {
    reportSoon();
    stale(one("#stage")); // when it shows the brief by itself depends on them, and no public message says so
  }
  draw();
}

function reportSoon() {
  cancel(reportTimer);
  reportTimer = later(report, 300);
}

/** @param {Stored} wanted */
async function load(wanted) {
  try {
    await keepOnly([wanted], "/projection/");
    await fetchWhole(wanted, () => {});
    if (wanted !== piece || isWhole) return;
    isWhole = true;
    open();
    reportSoon();
    draw();
  } catch {
    // The next report tries again.
  }
}

async function open() {
  if (!piece || !isWhole || !key || opened || isOpening) return;
  const [wanted, used] = [piece, key];
  isOpening = true;
  try {
    const ready = await prepare(await openApart(wanted, used));
    if (wanted === piece && used === key) opened = ready;
    reportSoon();
  } catch (error) {
    console.warn("package", error);
    await remove(wanted);
    isWhole = false;
  } finally {
    isOpening = false;
  }
  draw();
}

// ---------------------------------------------------------------- what it shows

/** Pictures and film are decoded before the instant. @param {any} contents @returns {Promise<Opened>} */
async function prepare({ client, kind, slide_seconds: seconds, departments, attachments }) {
  /** @type {string[]} */
  const urls = [];
  /** @param {{ file: Blob }} attachment */
  const urlOf = ({ file }) => (urls.push(URL.createObjectURL(file)), urls[urls.length - 1]);
  const logo = attachments.find((/** @type {any} */ { id }) => id === "logo");
  const media = attachments.filter((/** @type {any} */ { id }) => id !== "logo");
  /** @type {Step[]} */
  const steps = [{ name: "client", ms: CLIENT_MS, media: textOf("h1", client, logo && (await pictureOf(urlOf(logo)))) }];
  for (const attachment of kind === "slides" ? media : []) {
    steps.push({ name: "slide", ms: seconds * 1000, media: await pictureOf(urlOf(attachment)) });
  }
  if (kind === "film") steps.push(await filmOf(urlOf(media[0])));
  steps.push({ name: "titles", ms: Infinity, media: titlesOf(client, departments) });
  return { steps, urls };
}

/** @param {string} url */
async function pictureOf(url) {
  const picture = new Image();
  picture.alt = "";
  picture.src = url;
  await picture.decode().catch(() => {});
  return picture;
}

/** @param {string} url @returns {Promise<Step>} */
function filmOf(url) {
  const film = document.createElement("video");
  film.preload = "auto";
  film.playsInline = true;
  return new Promise((resolve) => {
    const step = { name: "film", ms: 0, media: film }; // one that cannot be played is left out
    film.addEventListener("loadedmetadata", () => {
      step.ms = film.duration * 1000;
      resolve(step);
    });
    film.addEventListener("ended", () => (step.ms = film.currentTime * 1000)); // some files do not say how long they are
    film.addEventListener("error", () => resolve(step));
    film.src = url;
  });
}

/** @param {string} tag @param {string} text @param {Node} [picture] */
function textOf(tag, text, picture) {
  const box = document.createElement("div");
  const line = document.createElement(tag);
  line.textContent = text;
  box.append(...(picture ? [picture] : []), line);
  return box;
}

/** @param {string} client @param {{ name: string, title: string }[]} departments */
function titlesOf(client, departments) {
  const box = textOf("p", client);
  const list = document.createElement("ul");
  list.append(...departments.map(({ name, title }) => {
    const line = document.createElement("li");
    const [label, text] = [document.createElement("span"), document.createElement("b")];
    [label.textContent, text.textContent] = [name, title];
    line.append(label, text);
    return line;
  }));
  box.append(list);
  return box;
}

/** The step at that time, and how long it has been shown. @param {Step[]} steps @param {number} ms since the instant */
export function stepAt(steps, ms) {
  let start = 0;
  for (const step of steps) {
    if (ms < start + step.ms) return { step, start };
    start += step.ms;
  }
  return { step: steps[steps.length - 1], start };
}

/** @param {Step} step @param {number} within ms */
function enter(step, within) {
  current = step;
  if (!show || !step.media) return;
  show.dataset.step = step.name;
  show.replaceChildren(step.media);
  if (!(step.media instanceof HTMLVideoElement)) return;
  const film = step.media;
  film.currentTime = within / 1000;
  play(film).catch(() => {});
}

function draw() {
  cancel(drawTimer);
  if (!show) return;
  show.dataset.state = opened ? "ready" : isWhole ? "loaded" : "waiting";
  const ms = elapsed();
  if (ms >= 0 && !isDue) report(); // the key may only be given now
  isDue = ms >= 0;
  const isOn = Boolean(opened) && isDue && isChosen();
  if (show.hidden === isOn) show.hidden = !isOn;
  if (isOn && opened) {
    const { step, start } = stepAt(opened.steps, ms);
    if (step !== current) enter(step, ms - start);
  } else if (current) {
    current = null;
    skipped = 0;
    show.replaceChildren();
  }
  drawTimer = later(draw, ms < 0 ? Math.min(1 - ms, 1000) : FRAME);
}

/** The arrow keys of this machine turn the slides. @param {KeyboardEvent} event */
function onKey(event) {
  if (!opened || show?.hidden || ![...FORWARD, ...BACK].includes(event.key)) return;
  event.preventDefault();
  const ms = elapsed();
  const { step, start } = stepAt(opened.steps, ms);
  const before = opened.steps[opened.steps.indexOf(step) - 1];
  if (FORWARD.includes(event.key)) skipped += Number.isFinite(step.ms) ? start + step.ms - ms : 0;
  else skipped += start - (before?.ms ?? 0) - ms;
  draw();
}

export function start() {
  if (!show || !window.caches || !navigator.locks || !crypto.subtle) return;
  document.body.addEventListener("live:refetched", draw);
  document.body.addEventListener("live", reportSoon);
  document.addEventListener("keydown", onKey);
  report();
  draw();
}

start();
