// The tablet without a network: its worker, and fetching all my teams' sheets and deposits in advance when asked.

import * as store from "./jury-store.js";
import { jury, word } from "./jury-sync.js";
import { sizeOf } from "./ui.js";
import { secondsOf } from "./words.js";

const AT_ONCE = 3;
const FRAMES = 3;
// Imports and workers. The names have a hash: « ./clock.0123456789ab.js ».
const MODULE = /(?:from|import|new URL)\s*\(?\s*["'](\.[\w./-]+\.js)["']/g;

const card = document.querySelector("[data-offline]");
let running = false;

/** The address under which a part of a sheet is kept: as htmx asks for it, and not as a page. */
const partKey = (url) => `${url}&piece=work`;

async function fetched(url, headers = {}) {
  const answer = await fetch(url, { headers, cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** The files that pages are made of, the modules that modules import included. */
async function filesOf(pages) {
  const found = new Set();
  const visit = async (url) => {
    if (found.has(url)) return;
    found.add(url);
    if (!url.endsWith(".js")) return;
    const text = await (await fetch(url)).text();
    for (const [, path] of text.matchAll(MODULE)) await visit(new URL(path, url).href);
  };
  for (const html of pages) {
    const document_ = new DOMParser().parseFromString(html, "text/html");
    for (const element of document_.querySelectorAll("link[href], script[src], img[src]")) {
      const url = new URL(element.getAttribute("href") ?? element.getAttribute("src"), location.href);
      if (url.pathname.startsWith("/static/")) await visit(url.href);
    }
  }
  return [...found];
}

async function each(items, act) {
  const queue = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (queue.length) await act(queue.shift());
  }));
}

/** What is here of what the server names. */
async function inventory(kit) {
  const [pages, files] = [await caches.open(store.PAGES), await caches.open(store.FILES)];
  const have = new Set([...(await pages.keys()), ...(await files.keys())].map(({ url }) => url));
  const has = (url) => have.has(new URL(url, location.href).href);
  const missing = kit.files.filter(({ url }) => !has(url));
  return { missing, bytes: kit.files.filter(({ url }) => has(url)).reduce((sum, { size }) => sum + size, 0), has };
}

async function prepare() {
  if (running) return;
  running = true;
  show("loading");
  try {
    await navigator.storage?.persist?.();
    const kit = await (await fetched(jury.urls.kit)).json();
    const total = kit.files.reduce((sum, { size }) => sum + size, 0);
    await fetchPages(kit);
    await fetchFiles(kit, total);
    await forgetOthers(kit);
    await store.note("prepared", { at: Date.now(), sheets: kit.pages.length - 2, bytes: total });
    await told();
  } catch (error) {
    show(error.name === "QuotaExceededError" ? "no-room" : "cut");
  } finally {
    running = false;
  }
}

async function fetchPages({ pages, parts }) {
  const cache = await caches.open(store.PAGES);
  const kept = []; // the list, the change of hands and a sheet are made of all files there are
  await each(pages, async (url) => {
    const answer = await fetched(url, { Accept: "text/html" });
    if (kept.length < FRAMES) kept.push(await answer.clone().text());
    await cache.put(url, answer);
  });
  await each(parts, async (url) => {
    await cache.put(partKey(url), await fetched(url, { "HX-Request": "true", "HX-Target": "work" }));
  });
  await keepFiles(kept);
}

async function keepFiles(pages) {
  const files = await caches.open("jury-static");
  await each(await filesOf(pages), async (url) => {
    if (!(await files.match(url))) await files.put(url, await fetched(url));
  });
}

/** The list, the change of hands and this page open without a network from the first visit on. */
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

/** Versions that no longer count, teams that are no longer mine. */
async function forgetOthers(kit) {
  const cache = await caches.open(store.FILES);
  const wanted = new Set(kit.files.flatMap(({ url, picture }) => [url, picture]).map((url) => new URL(url, location.href).href));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

// ---------------------------------------------------------------- what is shown

function show(state) {
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
}

function progress({ held, total }) {
  if (total === undefined) return;
  const bar = card.querySelector("progress");
  bar.max = total || 1;
  bar.value = total ? held : 1;
  card.querySelector("[data-slot=held]").textContent = word("held", { held: sizeOf(held), total: sizeOf(total) });
}

async function told() {
  const prepared = await store.noted("prepared");
  if (!prepared) {
    show("offered");
    return;
  }
  card.querySelector("[data-slot=ready]").textContent = word(prepared.sheets > 1 ? "ready" : "ready_one", {
    sheets: prepared.sheets, size: sizeOf(prepared.bytes), time: secondsOf(prepared.at),
  });
  show("ready");
}

export async function start() {
  if (!navigator.serviceWorker) return; // plain http: nothing is kept, everything else works
  try {
    await navigator.serviceWorker.register(jury.urls.worker, { scope: "/jury/" });
  } catch {
    return;
  }
  frame().catch(() => {}); // no network: another time
  if (!card) return;
  card.hidden = false;
  for (const button of card.querySelectorAll("[data-prepare]")) button.addEventListener("click", prepare);
  await told();
}
