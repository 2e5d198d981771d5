// Who is there: a tap on a person says that they are here, another one takes it back. Each tap is kept on this device until
// the server has it; none replaces another, so that the order in which devices send them does not matter.

import "#site/main.js"; // one bundle with what every page runs
import { changeQueue } from "#site/change-queue.js";
import { around, one, write } from "#site/dom.js";
import * as store from "#site/jury-store.js";
import { keep } from "#site/kept.js";
import { toast } from "#site/toast.js";
import { filled, timeOf } from "#site/translations.js";

/** @typedef {import("#site/jury-changes.js").Change} Change */

/** @type {{ user: number, url: string, worker: string, translations: Record<string, string> }} */
const page = JSON.parse(one("#presence").textContent);
const CALM = 2000; // ms: a tap on a row that another device has just ticked does not take that back
const net = one("[data-presence-net]");
const search = one("[data-search]", document, HTMLInputElement);
const room = one("[data-room]", document, HTMLSelectElement);
const which = one("[data-which]", document, HTMLSelectElement);
const written = one("[data-clock-given]", document, HTMLInputElement);
// When the server sent the list, if the service worker had to show a stored one.
const keptAt = Number(net.dataset.presenceNet);
let old = keptAt ? filled(page.translations.kept, { time: timeOf(keptAt) }) : "";

const queue = changeQueue({ name: "presence", user: page.user, url: page.url, replaced: () => [], settle });

const moment = () => Number(one("#presence-list").dataset.moment);
/** The queue's name for what is about the moment of the page. */
const kind = () => `presence-${moment()}`;
/** @returns {HTMLElement[]} */
const rows = () => [...document.querySelectorAll("[data-person]")].filter((row) => row instanceof HTMLElement);
/** @type {Map<string, { state: string, at: number }>} what the server said, and since when this page knows it */
const told = new Map();

/** @param {Change} change @param {{ state: string, value?: string, message?: string }} answer */
async function settle(change, answer) {
  await store.dropChange(change.n);
  if (answer.state === "refused") toast({ text: answer.message || page.translations.refused, kind: "error" });
  const row = document.querySelector(`[data-person="${change.person}"]`);
  if (row instanceof HTMLElement && answer.value && change.kind === kind()) {
    row.dataset.state = answer.value;
    row.toggleAttribute("data-inside", answer.value === "here");
  }
}

/** The server's state of each person, replaced by what this device has not sent. @param {string} [trouble] */
async function draw(trouble = "") {
  const changes = await queue.unsent();
  const unsent = new Map(changes.filter((change) => change.kind === kind()).map((change) => [change.person, change.value]));
  for (const row of rows()) {
    const value = unsent.get(Number(row.dataset.person));
    const state = value ?? row.dataset.state ?? "";
    row.dataset.shown = state;
    row.toggleAttribute("data-unsent", value !== undefined);
    row.toggleAttribute("data-there", value === undefined ? row.hasAttribute("data-inside") : value === "here");
    one("[data-tick]", row).setAttribute("aria-pressed", String(state === "here"));
  }
  count();
  choose();
  net.classList.toggle("warn", changes.length > 0);
  const name = changes.length > 1 ? "pending" : "pending_one";
  const text = changes.length ? filled(page.translations[name], { n: changes.length }) : page.translations.clear;
  write(net, [text, page.translations[trouble], old].filter(Boolean).join(" · "));
}

function count() {
  const states = rows().map((row) => row.dataset.shown);
  const here = states.filter((state) => state === "here").length;
  const left = states.filter((state) => state === "undone" || state === "said").length;
  write(one("[data-presence-count]"), filled(page.translations.here, { n: here, left }));
}

/** Without accents and case. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @type {Record<string, (row: HTMLElement) => boolean>} */
const FITS = {
  waiting: (row) => row.dataset.shown === "undone" || row.dataset.shown === "said",
  said: (row) => row.dataset.shown === "said",
  inside: (row) => row.hasAttribute("data-there"),
};

function choose() {
  const wanted = plain(search.value.trim());
  for (const card of document.querySelectorAll("[data-in-room]")) {
    if (!(card instanceof HTMLElement)) continue;
    const here = !room.value || card.dataset.inRoom === room.value;
    const named = plain(one("h2", card).textContent).includes(wanted);
    let shown = 0;
    for (const row of card.querySelectorAll("[data-person]")) {
      if (!(row instanceof HTMLElement)) continue;
      const fits = named || plain(`${row.textContent} ${row.dataset.number}`).includes(wanted);
      row.hidden = !(here && fits && (FITS[which.value]?.(row) ?? true));
      if (!row.hidden) shown += 1;
    }
    card.hidden = !shown;
  }
}

/** @param {HTMLElement} row @param {string} value */
function say(row, value) {
  row.dataset.shown = value;
  one("[data-tick]", row).setAttribute("aria-pressed", String(value === "here"));
  queue.keep({ kind: kind(), person: Number(row.dataset.person), moment: moment(), value, clock: written.value || null });
}

/** What the server says now: since when. */
function listen() {
  for (const { dataset } of rows()) {
    const known = told.get(dataset.person ?? "");
    const state = dataset.state ?? "";
    if (known?.state !== state) told.set(dataset.person ?? "", { state, at: known ? Date.now() : 0 });
  }
}

document.addEventListener("click", (event) => {
  const row = around(event, "[data-person]");
  if (!(row instanceof HTMLElement)) return;
  if (around(event, "[data-leave]")) say(row, "left");
  else if (row.dataset.shown !== "here") say(row, "here");
  else if (Date.now() - (told.get(row.dataset.person ?? "")?.at ?? 0) > CALM) say(row, "undone");
});

one(".presence-search").removeAttribute("hidden");
const asked = new URLSearchParams(location.search).get("room");
if (asked) room.value = asked;
if (room.selectedIndex < 0) room.value = "";
for (const field of [search, room, which]) field.addEventListener("input", choose);
document.body.addEventListener("live:refetched", () => {
  old = "";
  listen();
  draw();
});
listen();
queue.onNews(draw);
draw();
queue.start();
if (document.readyState === "complete") keep("presence-list", page.user, page.worker);
else window.addEventListener("load", () => keep("presence-list", page.user, page.worker), { once: true });
