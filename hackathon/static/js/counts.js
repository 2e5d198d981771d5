// The counters in the navigation. data-unread has the stamps of what this person has not read; announcements change it as
// they arrive. Questions are counted by the server, which is asked over the time that the message names.

import { one } from "./dom.js";

const GATHER = 200; // ms
const SPREAD = 3000; // ms
const QUESTIONS = ["question.asked", "question.taken", "question.answered", "question.closed", "question.published"];

const counters = () => [...document.querySelectorAll("[data-count]")];

/** @param {HTMLElement} counter */
const unreadOf = (counter) => new Set((counter.dataset.unread ?? "").split(" ").filter(Boolean));

/** @param {HTMLElement} counter @param {Set<string>} unread @param {number} [waiting] */
function show(counter, unread, waiting = Number(counter.dataset.waiting)) {
  counter.dataset.unread = [...unread].join(" ");
  counter.dataset.waiting = String(waiting);
  const count = unread.size + waiting;
  one("b", counter).textContent = String(count);
  counter.hidden = !count;
}

/** @param {(unread: Set<string>, name: string | undefined) => void} act */
function change(act) {
  for (const counter of counters()) {
    const unread = unreadOf(counter);
    act(unread, counter.dataset.count);
    show(counter, unread);
  }
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
    for (const counter of counters()) {
      const { unread, waiting } = counts[counter.dataset.count ?? ""];
      show(counter, new Set(unread), waiting);
    }
  } catch {
    // Offline: the next message asks again.
  }
}

/** A stamp is the id and the revision of an announcement: a correction replaces it. @param {CustomEvent<any>} event */
function onAnnouncement({ detail: { data } }) {
  change((unread, name) => {
    if (name !== "announcements") return;
    for (const stamp of unread) if (stamp.startsWith(`a${data.id}-`)) unread.delete(stamp);
    if (data.stamp) unread.add(data.stamp);
  });
}

export function start() {
  if (!document.querySelector("[data-counts-url]")) return;
  for (const type of ["published", "corrected", "withdrawn"]) {
    document.body.addEventListener(`live:announcement.${type}`, onAnnouncement);
  }
  for (const type of QUESTIONS) {
    document.body.addEventListener(`live:${type}`, ({ detail }) => askIn(GATHER + Math.random() * (detail.spread ?? SPREAD)));
  }
  document.body.addEventListener("live:caught-up", ({ detail }) => detail.data.complete || askIn(Math.random() * SPREAD));
  document.body.addEventListener("announcement:read", ({ detail }) => {
    change((unread) => detail.stamps.forEach((/** @type {string} */ stamp) => unread.delete(stamp)));
  });
}
