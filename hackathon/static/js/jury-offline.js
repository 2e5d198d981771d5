// The tablet without a network: its service worker, and fetching the sheets and submissions of all teams in advance.

import { one } from "./dom.js";
import * as store from "./jury-store.js";
import { jury, translate } from "./jury-sync.js";
import { sizeOf } from "./ui.js";
import { secondsOf } from "./translations.js";

const PARALLEL = 3; // requests
const FRAMES = 3; // pages that together refer to all static files
// Imports and workers. The names have a hash: « ./clock.0123456789ab.js ».
const MODULE = /(?:from|import|new URL)\s*\(?\s*["'](\.[\w./-]+\.m?js)["']/g;

const card = document.querySelector("[data-offline]");
let running = false;

/** The key of a part of a sheet in the cache: htmx asks for the same address as for the page. @param {string} url */
const partKey = (url) => `${url}&piece=work`;

/** @param {string} url */
async function fetched(url, headers = {}) {
  const answer = await fetch(url, { headers, cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** The static files of pages, with all that their modules import. @param {string[]} pages HTML */
async function filesOf(pages) {
  /** @type {Set<string>} */
  const urls = new Set();
  /** @param {string} url */
  const visit = async (url) => {
    if (urls.has(url)) return;
    urls.add(url);
    if (!url.endsWith(".js")) return;
    const text = (await (await fetch(url)).text()).replace(/\/\*[^]*?\*\//g, ""); // comments import types
    for (const [, path] of text.matchAll(MODULE)) await visit(new URL(path, url).href);
  };
  for (const html of pages) {
    const document_ = new DOMParser().parseFromString(html, "text/html");
    for (const element of document_.querySelectorAll("link[href], script[src], img[src]")) {
      const url = new URL(element.getAttribute("href") ?? element.getAttribute("src") ?? "", location.href);
      if (/^\/(static|apparence)\//.test(url.pathname)) await visit(url.href);
    }
  }
  return [...urls];
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<unknown>} act
 */
async function each(items, act) {
  const queue = [...items];
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (queue.length) await act(/** @type {T} */ (queue.shift()));
  }));
}

/**
 * @typedef {object} Kit
 * @property {number} sheets how many of the pages are sheets
 * @property {string[]} pages addresses
 * @property {string[]} parts addresses
 * @property {{ url: string, picture: string | null, size: number }[]} files of submissions
 */

/** Which files of the kit are stored. @param {Kit} kit */
async function inventory(kit) {
  const [pages, files] = [await caches.open(store.PAGES), await caches.open(store.FILES)];
  const have = new Set([...(await pages.keys()), ...(await files.keys())].map(({ url }) => url));
  /** @param {string} url */
  const has = (url) => have.has(new URL(url, location.href).href);
  const missing = kit.files.filter(({ url }) => !has(url));
  const held = kit.files.filter(({ url }) => has(url));
  return { missing, bytes: held.reduce((sum, { size }) => sum + size, 0) };
}

async function prepare() {
  if (running) return;
  running = true;
  show("loading");
  try {
    navigator.storage?.persist?.(); // Firefox asks the person, who may answer later
    /** @type {Kit} */
    const kit = await (await fetched(jury.urls.kit)).json();
    const total = kit.files.reduce((sum, { size }) => sum + size, 0);
    await fetchPages(kit);
    await fetchFiles(kit, total);
    await forgetOthers(kit);
    await store.note("prepared", { at: Date.now(), sheets: kit.sheets, bytes: total });
    await showState();
  } catch (error) {
    show(error instanceof DOMException && error.name === "QuotaExceededError" ? "no-room" : "cut");
  } finally {
    running = false;
  }
}

/** @param {Kit} kit */
async function fetchPages({ pages, parts }) {
  const cache = await caches.open(store.PAGES);
  /** @type {string[]} the list, the handover and a sheet: together they refer to all static files */
  const frames = [];
  await each(pages, async (url) => {
    const answer = await fetched(url, { Accept: "text/html" });
    if (frames.length < FRAMES) frames.push(await answer.clone().text());
    await cache.put(url, answer);
  });
  await each(parts, async (url) => {
    await cache.put(partKey(url), await fetched(url, { "HX-Request": "true", "HX-Target": "work" }));
  });
  await keepFiles(frames);
}

/** @param {string[]} pages HTML */
async function keepFiles(pages) {
  const files = await caches.open("jury-static");
  await each(await filesOf(pages), async (url) => {
    if (!(await files.match(url))) await files.put(url, await fetched(url));
  });
}

/** From the first visit on, the list, the handover and this page open without a network. */
async function frame() {
  const cache = await caches.open(store.PAGES);
  const urls = [jury.urls.list, jury.urls.handover, location.pathname];
  const missing = [];
  for (const url of new Set(urls)) if (!(await cache.match(url))) missing.push(url);
  const pages = await Promise.all(missing.map(async (url) => {
    const answer = await fetched(url, { Accept: "text/html" });
    const text = await answer.clone().text();
    await cache.put(url, answer);
    return text;
  }));
  if (pages.length) await keepFiles(pages);
}

/** @param {Kit} kit @param {number} total bytes */
async function fetchFiles(kit, total) {
  const cache = await caches.open(store.FILES);
  const here = await inventory(kit);
  let held = here.bytes;
  progress({ held, total });
  await each(here.missing, async ({ url, picture, size }) => {
    await cache.put(url, await fetched(url));
    if (picture) await cache.put(picture, await fetched(picture));
    held += size;
    progress({ held, total });
  });
}

/** Delete replaced versions, and those of teams that are no longer the juror's. @param {Kit} kit */
async function forgetOthers(kit) {
  const cache = await caches.open(store.FILES);
  const wanted = new Set(kit.files.flatMap(({ url, picture }) => (picture ? [url, picture] : [url])).map((url) => new URL(url, location.href).href));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

// ---------------------------------------------------------------- what is shown

/** @param {string} state */
function show(state) {
  if (!card) return;
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) part.classList.toggle("is-off", !part.dataset.when?.split(" ").includes(state));
}

/** @param {{ held: number, total: number }} bytes */
function progress({ held, total }) {
  if (!card) return;
  const bar = one("progress", card, HTMLProgressElement);
  bar.max = total || 1;
  bar.value = total ? held : 1;
  one("[data-slot=held]", card).textContent = translate("held", { held: sizeOf(held), total: sizeOf(total) });
}

async function showState() {
  const prepared = await store.noted("prepared");
  if (!card || !prepared) {
    show("offered");
    return;
  }
  const text = `${prepared.bytes ? "ready" : "ready_alone"}${prepared.sheets > 1 ? "" : "_one"}`;
  one("[data-slot=ready]", card).textContent = translate(text, {
    sheets: prepared.sheets, size: sizeOf(prepared.bytes), time: secondsOf(prepared.at),
  });
  show("ready");
}

export async function start() {
  try {
    if (!navigator.serviceWorker) throw new Error("plain http");
    await navigator.serviceWorker.register(jury.urls.worker, { scope: "/jury/" });
  } catch {
    if (card) card.hidden = true;
    return;
  }
  frame().catch(() => {}); // no network
  if (!card) return;
  for (const button of card.querySelectorAll("[data-prepare]")) {
    button.removeAttribute("disabled");
    button.addEventListener("click", prepare);
  }
  await showState();
}
