// The counters in the navigation. A new announcement adds one at once; for everything else the server is asked, after
// a random delay so that 400 pages do not ask in the same instant.

import { one } from "./dom.js";

const SPREAD = 3000; // ms
const NEWS = [
  "live:announcement.corrected",
  "live:announcement.withdrawn",
  "live:question.asked",
  "live:question.taken",
  "live:question.answered",
  "live:question.closed",
  "live:question.published",
  "live:caught-up",
  "announcement:read",
];
/** @type {Set<number>} ids of announcements */
const counted = new Set();

const counters = () => [...document.querySelectorAll("[data-count]")];

/** @param {HTMLElement} counter @param {number} count */
function show(counter, count) {
  one("b", counter).textContent = String(count);
  counter.hidden = !count;
}

let timer = 0;
/** @param {number} ms */
function askIn(ms) {
  clearTimeout(timer);
  timer = setTimeout(ask, ms);
}

async function ask() {
  const url = document.querySelector("[data-counts-url]")?.dataset.countsUrl;
  if (!url) return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const counts = await answer.json();
    for (const counter of counters()) show(counter, counts[counter.dataset.count ?? ""] ?? 0);
  } catch {
    // Offline: `live:caught-up` asks again.
  }
}

/** @param {CustomEvent<LiveMessage>} event */
function onPublished({ detail: { data } }) {
  if (counted.has(data.id)) return;
  counted.add(data.id);
  for (const counter of counters()) {
    if (counter.dataset.count !== "announcements") continue;
    show(counter, Number(one("b", counter).textContent) + 1);
  }
}

export function start() {
  if (!document.querySelector("[data-counts-url]")) return;
  document.body.addEventListener("live:announcement.published", onPublished);
  for (const type of NEWS) {
    document.body.addEventListener(type, () => askIn(type.startsWith("live:") ? 200 + Math.random() * SPREAD : 0));
  }
}
