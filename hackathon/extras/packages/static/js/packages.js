// Briefs before their publication: the encrypted package is fetched at a random moment, and decrypted here when the key
// is public. If anything fails, the page's own links work as always.

import "#site/main.js"; // one bundle with what every page runs
import { serverNow } from "#site/clock.js";
import { openApart } from "#site/container-open.js";
import { fetchWhole, heldOf, keepOnly, remove } from "#site/container-store.js";
import { copyOf, one } from "#site/dom.js";
import { cancel, later } from "#site/ticker.js";
import { sizeOf } from "#site/ui.js";

/** @typedef {import("#site/container-store.js").Stored & { key_url: string, department: string, name: string }} Package */
/** @typedef {{ name: string, type: string, sha256: string, url: string }} OpenedFile an opened attachment */
/**
 * @typedef {object} Entry
 * @property {Package} piece
 * @property {HTMLElement | null} card
 * @property {string} state
 * @property {Map<string | undefined, OpenedFile> | null} urls id of the attachment → its file
 * @property {number} timer
 * @property {number} failures
 */

const RETRY = [5, 20, 60, 180]; // seconds, after an interrupted fetch
const REFRESH = 300; // seconds until the page asks whether the package was replaced
const KEY_SPREAD = 2000; // ms; 400 pages must not ask for the key in the same instant
const KEY_WAIT = 3000; // ms
// Shown in a tab; other types are downloaded. As in hackathon/base/core/file_responses.py.
const SHOWN = ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm"];

const section = document.querySelector("[data-packages-url]");
const only = document.querySelector("article#brief")?.dataset.brief; // on the page of a brief
const listUrl = section?.dataset.packagesUrl;
/** @type {Map<string, Entry>} by id of the package */
const known = new Map();
let refreshTimer = 0;

/** Milliseconds, plus or minus a third. @param {number} seconds */
const jitter = (seconds) => seconds * 1000 * (0.67 + Math.random() * 0.66);

// ---------------------------------------------------------------- what is shown

/** @param {Entry} entry @param {string} state */
function show(entry, state) {
  entry.state = state;
  const { card } = entry;
  if (!card) return;
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when?.split(" ").includes(state);
  }
}

/** @param {Entry} entry @param {number} held bytes */
function progress(entry, held) {
  if (!entry.card) return;
  one("progress", entry.card, HTMLProgressElement).value = held;
  one("[data-slot=held]", entry.card).textContent = sizeOf(held);
}

/** @param {Package} piece */
function draw(piece) {
  if (only || !section) return null;
  const card = copyOf("template", section);
  for (const slot of card.querySelectorAll("[data-slot=size]")) slot.textContent = sizeOf(piece.size);
  one("[data-slot=department]", card).textContent = piece.name;
  one("progress", card, HTMLProgressElement).max = piece.size;
  section.append(card);
  return card;
}

/** @param {Entry} entry @param {{ title: string, html: string, attachments: { id: string, name: string, size: number }[] }} content */
function drawOpened({ card, piece, urls }, { title, html, attachments }) {
  if (!card) return;
  const heading = one("[data-slot=title]", card, HTMLAnchorElement);
  heading.textContent = title;
  heading.href = `/sujets/${encodeURIComponent(piece.department)}/`;
  one("[data-slot=html]", card).innerHTML = html; // sanitised by the server, and encrypted since
  const list = one("[data-slot=files]", card);
  list.replaceChildren(...attachments.map(({ id, name, size }) => {
    const row = copyOf("template", card);
    const [link, save] = row.querySelectorAll("a");
    /** @type {ChildNode} */ (link.firstChild).textContent = name;
    one("[data-slot=bytes]", row).textContent = sizeOf(size);
    save.ariaLabel = (save.ariaLabel ?? "").replace("{name}", name);
    const file = urls?.get(id);
    if (file) point(link, file);
    if (file) point(save, file, true);
    return row;
  }));
  list.hidden = attachments.length === 0;
}

/** Let a link open the decrypted file. Only types that browsers show without running them open in a tab. @param {HTMLAnchorElement} link @param {OpenedFile} file */
function point(link, { url, name, type }, toKeep = false) {
  link.href = url;
  if (toKeep || !SHOWN.includes(type)) {
    link.download = name;
    link.removeAttribute("target");
  }
}

/** Let the page's own links open decrypted files, if these have the same digest. */
function pointLinks() {
  for (const { urls } of known.values()) {
    for (const link of document.querySelectorAll("a")) {
      if (!link.dataset.attachment) continue;
      const attachment = urls?.get(link.dataset.attachment);
      if (attachment && attachment.sha256 === link.dataset.sha256) point(link, attachment, "keep" in link.dataset);
    }
  }
}

// ---------------------------------------------------------------- opening

/** @param {Entry} entry @param {string} key */
async function open(entry, key) {
  if (entry.state !== "ready") return;
  show(entry, "opening");
  try {
    const opened = await openApart(entry.piece, key);
    entry.urls = new Map(opened.attachments.map((/** @type {any} */ { id, name, type, sha256, file }) =>
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

/** Ask for the key, which the server gives once the brief is published. @param {Entry} entry */
async function askKey(entry) {
  if (entry.state !== "ready") return;
  try {
    const answer = await fetch(entry.piece.key_url, { cache: "no-store" });
    if (answer.ok && !answer.redirected) await open(entry, (await answer.json()).key);
  } catch {
    // The next message asks again.
  }
}

function askSoon(within = KEY_SPREAD) {
  for (const entry of known.values()) later(() => askKey(entry), Math.random() * within);
}

/** Whether the page shows the brief, so that the key is public. @param {Package} piece */
const isOut = ({ department }) =>
  only === department || document.querySelector(`[data-brief="${CSS.escape(department)}"]:not([data-secret])`);

function onBriefs() {
  pointLinks();
  for (const entry of known.values()) {
    if (!isOut(entry.piece)) continue;
    // The key comes with a message; it is asked for if it does not.
    if (entry.state === "ready") later(() => askKey(entry), KEY_WAIT + Math.random() * KEY_SPREAD);
    // Too late to fetch it in advance.
    else if (["offered", "waiting"].includes(entry.state)) forget(entry);
  }
}

// ---------------------------------------------------------------- fetching

/** @param {Entry} entry */
async function prepare(entry) {
  cancel(entry.timer);
  show(entry, "loading");
  progress(entry, 0);
  try {
    await fetchWhole(entry.piece, (held) => progress(entry, held));
    show(entry, "ready");
    if (isOut(entry.piece)) askKey(entry);
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") {
      await remove(entry.piece);
      show(entry, "no-room");
      return;
    }
    show(entry, "cut");
    const seconds = RETRY[Math.min(entry.failures, RETRY.length - 1)];
    entry.failures += 1;
    // The package may have been replaced.
    entry.timer = later(async () => {
      await refresh();
      if (known.get(entry.piece.id) === entry && entry.state === "cut") prepare(entry);
    }, jitter(seconds));
  }
}

const savesData = () => navigator.connection?.saveData || navigator.connection?.type === "cellular";

/** The instant at which this browser begins to fetch, chosen once per tab. @param {Package} piece @param {number} within seconds */
function beginsAt({ id }, within) {
  const name = `package-begins-${id}`;
  const stored = Number(sessionStorage.getItem(name));
  if (stored) return stored;
  const chosen = serverNow() + Math.random() * within * 1000;
  sessionStorage.setItem(name, String(chosen));
  return chosen;
}

/** @param {Package} piece @param {number | null} within seconds; null if it is not fetched without a click */
async function add(piece, within) {
  /** @type {Entry} */
  const entry = { piece, card: draw(piece), urls: null, timer: 0, failures: 0, state: "" };
  known.set(piece.id, entry);
  const held = await heldOf(piece);
  if (entry.card) one("button", entry.card).addEventListener("click", () => prepare(entry));
  if (held === piece.size) {
    show(entry, "ready");
    if (isOut(piece)) askKey(entry);
  } else if (only || isOut(piece)) forget(entry);
  else if (within === null || savesData()) show(entry, "offered");
  else if (held > 0) prepare(entry);
  else {
    show(entry, "waiting");
    entry.timer = later(() => prepare(entry), Math.max(0, beginsAt(piece, within) - serverNow()));
  }
}

/** @param {Entry} entry */
function forget(entry) {
  cancel(entry.timer);
  entry.card?.remove();
  known.delete(entry.piece.id);
}

/** Fetch the list of this person's packages. One that is not listed any more has been replaced. */
async function refresh() {
  cancel(refreshTimer);
  refreshTimer = later(refresh, jitter(REFRESH));
  try {
    const answer = await fetch(listUrl ?? "", { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    /** @type {{ packages: Package[], begin_within: number | null }} */
    const { packages, begin_within: within } = await answer.json();
    const mine = packages.filter(({ department }) => !only || department === only);
    for (const entry of [...known.values()]) {
      if (entry.state !== "opened" && !mine.some(({ id }) => id === entry.piece.id)) forget(entry);
    }
    await keepOnly(packages, "/paquets/");
    for (const piece of mine) if (!known.has(piece.id)) await add(piece, within);
  } catch {
    // Tried again later.
  }
}

/** @param {CustomEvent<any>} event */
function onBriefChanged({ detail: { data } }) {
  for (const entry of [...known.values()]) {
    // The decrypted brief is outdated; the page has the new one.
    if (entry.piece.department === data.department && entry.state === "opened") forget(entry);
  }
  refresh();
}

export function start() {
  document.body.addEventListener("live:package.unlocked", ({ detail: { data } }) => {
    const entry = known.get(data.package);
    if (entry) open(entry, data.key);
  });
  document.body.addEventListener("live:brief.changed", onBriefChanged);
  document.body.addEventListener("live:caught-up", () => askSoon());
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, onBriefs);
  refresh();
}

// Not in old browsers or on plain http: there the page works without packages.
if (window.caches && navigator.locks && crypto.subtle && listUrl) start();
