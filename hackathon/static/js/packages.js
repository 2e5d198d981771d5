// The brief before its instant: its package is fetched in a quiet moment, waits locked on this computer, and is
// opened here when the key is public. Whatever goes wrong, the page's own links are there as always.

import { serverNow } from "./clock.js";
import { fetchWhole, heldOf, keepOnly, remove } from "./packages-store.js";
import { cancel, later } from "./ticker.js";
import { sizeOf } from "./ui.js";

const AGAIN = [5, 20, 60, 180]; // seconds, after a fetch that was cut
const LOOK_AGAIN = 300; // seconds until the page asks whether the package is another one by now
const KEY_SPREAD = 2000; // four hundred pages do not ask for the key in the same instant
// What a browser shows in a tab of its own; anything else is saved. As hackathon/core/files.py has it.
const SHOWN = ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm"];

const section = document.querySelector("[data-packages]");
const only = document.querySelector("[data-package-of]")?.dataset.packageOf; // a brief's page: nothing is drawn
const listUrl = document.querySelector("[data-packages-url]")?.dataset.packagesUrl;
const known = new Map(); // id → { piece, card, state, urls, timer, failures }
let looking = 0;

const jitter = (seconds) => seconds * 1000 * (0.67 + Math.random() * 0.66);

// ---------------------------------------------------------------- what is shown

function show(entry, state) {
  entry.state = state;
  const { card } = entry;
  if (!card) return;
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
}

function progress(entry, held) {
  if (!entry.card) return;
  entry.card.querySelector("progress").value = held;
  entry.card.querySelector("[data-slot=held]").textContent = sizeOf(held);
}

function draw(piece) {
  if (only || !section) return null;
  const card = section.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const slot of card.querySelectorAll("[data-slot=size]")) slot.textContent = sizeOf(piece.size);
  card.querySelector("[data-slot=department]").textContent = piece.name;
  card.querySelector("progress").max = piece.size;
  section.append(card);
  return card;
}

function drawOpened({ card, piece, urls }, { title, html, attachments }) {
  if (!card) return;
  card.querySelector("[data-slot=title]").textContent = title;
  card.querySelector("[data-slot=title]").href = `/sujets/${encodeURIComponent(piece.department)}/`;
  card.querySelector("[data-slot=html]").innerHTML = html; // sanitised by the server, and sealed since
  const list = card.querySelector("[data-slot=files]");
  list.replaceChildren(...attachments.map(({ id, name, size }) => {
    const row = card.querySelector("template").content.firstElementChild.cloneNode(true);
    const [link, save] = row.querySelectorAll("a");
    link.firstChild.textContent = name;
    row.querySelector("[data-slot=bytes]").textContent = sizeOf(size);
    save.ariaLabel = save.ariaLabel.replace("{name}", name);
    point(link, urls.get(id));
    point(save, urls.get(id), true);
    return row;
  }));
  list.hidden = attachments.length === 0;
}

/** Let a link lead to the file that is here. Only what a browser shows without running it opens in a tab. */
function point(link, { url, name, type }, toKeep = false) {
  link.href = url;
  if (toKeep || !SHOWN.includes(type)) {
    link.download = name;
    link.removeAttribute("target");
  }
}

/** The server's own links to files that are here, where it speaks of the very same bytes. */
function pointLinks() {
  for (const { urls } of known.values()) {
    for (const link of document.querySelectorAll("a[data-attachment]")) {
      const found = urls?.get(link.dataset.attachment);
      if (found?.sha256 === link.dataset.sha256) point(link, found, "keep" in link.dataset);
    }
  }
}

// ---------------------------------------------------------------- opening

function openApart(piece, key) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./packages-worker.js", import.meta.url), { type: "module" });
    const end = (act, value) => {
      worker.terminate();
      act(value);
    };
    worker.addEventListener("message", ({ data }) => (data.error ? end(reject, data.error) : end(resolve, data.contents)));
    worker.addEventListener("error", (event) => end(reject, event.message));
    worker.postMessage({ piece, key });
  });
}

async function open(entry, key) {
  if (entry.state !== "ready") return;
  show(entry, "opening");
  try {
    const opened = await openApart(entry.piece, key);
    entry.urls = new Map(opened.attachments.map(({ id, name, type, sha256, file }) =>
      [id, { name, type, sha256, url: URL.createObjectURL(file) }]));
    drawOpened(entry, opened);
    show(entry, "opened");
    pointLinks();
  } catch (error) {
    console.warn("package", error);
    await remove(entry.piece);
    show(entry, "failed");
  }
}

/** Ask for the key; there is none before the instant, and then nothing happens. */
async function askKey(entry) {
  if (entry.state !== "ready") return;
  try {
    const answer = await fetch(entry.piece.key_url, { cache: "no-store" });
    if (answer.ok && !answer.redirected) await open(entry, (await answer.json()).key);
  } catch {
    // The next reason to ask comes: news, the list of briefs, or a reload.
  }
}

function askSoon(within = KEY_SPREAD) {
  for (const entry of known.values()) later(() => askKey(entry), Math.random() * within);
}

/** The page shows the brief: the key is public. */
const isOut = ({ department }) =>
  only === department || document.querySelector(`[data-brief="${CSS.escape(department)}"]:not([data-secret])`);

function onBriefs() {
  pointLinks();
  for (const entry of known.values()) {
    if (!isOut(entry.piece)) continue;
    if (entry.state === "ready") askKey(entry);
    // Too late to fetch it in advance: the page has the files.
    else if (["offered", "waiting"].includes(entry.state)) forget(entry);
  }
}

// ---------------------------------------------------------------- fetching

async function prepare(entry) {
  cancel(entry.timer);
  show(entry, "loading");
  progress(entry, 0);
  try {
    await fetchWhole(entry.piece, (held) => progress(entry, held));
    show(entry, "ready");
    if (isOut(entry.piece)) askKey(entry);
  } catch (error) {
    if (error.name === "QuotaExceededError") {
      await remove(entry.piece);
      show(entry, "no-room");
      return;
    }
    show(entry, "cut");
    const seconds = AGAIN[Math.min(entry.failures, AGAIN.length - 1)];
    entry.failures += 1;
    // The package may be another one by now: look first.
    entry.timer = later(async () => {
      await look();
      if (known.get(entry.piece.id) === entry && entry.state === "cut") prepare(entry);
    }, jitter(seconds));
  }
}

const isSparing = () => navigator.connection?.saveData || navigator.connection?.type === "cellular";

/** The instant at which this browser begins, chosen once: who reloads does not wait anew. */
function beginsAt({ id }, within) {
  const name = `package-begins-${id}`;
  const kept = Number(sessionStorage.getItem(name));
  if (kept) return kept;
  const chosen = serverNow() + Math.random() * within * 1000;
  sessionStorage.setItem(name, chosen);
  return chosen;
}

async function meet(piece, within) {
  const entry = { piece, card: draw(piece), urls: null, timer: 0, failures: 0, state: "" };
  known.set(piece.id, entry);
  const held = await heldOf(piece);
  entry.card?.querySelector("button").addEventListener("click", () => prepare(entry));
  if (held === piece.size) {
    show(entry, "ready");
    if (isOut(piece)) askKey(entry);
  } else if (only || isOut(piece)) forget(entry);
  else if (within === null || isSparing()) show(entry, "offered");
  else if (held > 0) prepare(entry);
  else {
    show(entry, "waiting");
    entry.timer = later(() => prepare(entry), Math.max(0, beginsAt(piece, within) - serverNow()));
  }
}

function forget(entry) {
  cancel(entry.timer);
  entry.card?.remove();
  known.delete(entry.piece.id);
}

/** What there is for this person now. A package that is not there any more has been replaced. */
async function look() {
  cancel(looking);
  looking = later(look, jitter(LOOK_AGAIN));
  try {
    const answer = await fetch(listUrl, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const { packages, begin_within: within } = await answer.json();
    const mine = packages.filter(({ department }) => !only || department === only);
    for (const entry of [...known.values()]) {
      if (entry.state !== "opened" && !mine.some(({ id }) => id === entry.piece.id)) forget(entry);
    }
    await keepOnly(packages);
    for (const piece of mine) if (!known.has(piece.id)) await meet(piece, within);
  } catch {
    // The next look tries again.
  }
}

function changed({ detail: { data } }) {
  for (const entry of [...known.values()]) {
    // What was opened here is not the brief any more: the page's own is.
    if (entry.piece.department === data.department && entry.state === "opened") forget(entry);
  }
  look();
}

export function start() {
  document.body.addEventListener("live:brief.unlocked", ({ detail: { data } }) => {
    const entry = known.get(data.package);
    if (entry) open(entry, data.key);
  });
  document.body.addEventListener("live:brief.changed", changed);
  document.body.addEventListener("live:clock.passed", () => askSoon());
  document.body.addEventListener("live:caught-up", () => askSoon());
  document.body.addEventListener("htmx:afterSettle", onBriefs);
  look();
}

// Without these (an old browser, no secure connection) everything is as it is without packages.
if (window.caches && navigator.locks && crypto.subtle && listUrl) start();
