// Announcements as they are made, corrected and withdrawn: a toast on every page, the lists that a page may
// have, and word to the server of what arrived and what was read.

import { send } from "./live.js";
import { post } from "./post.js";
import { dismiss, isNews, toast } from "./toast.js";
import { say, timeOf } from "./words.js";

const LOOKING = 1500; // a page looked at for so long was read

// What the page said when it was made is no news. What a part that was fetched again says may well be: it can come
// before its message where the page polls.
const saidAtFirst = new Set();

const items = (id, within = document) => [...within.querySelectorAll(`[data-announcement="${CSS.escape(String(id))}"]`)];

/** The message has one label for all readers; everybody is named in the reader's own language. */
const toWhom = ({ audience, label }) => (audience === "everyone" ? say("everyone") : label || say("announcement"));

function fill(item, data) {
  item.dataset.announcement = data.id;
  item.dataset.stamp = data.stamp;
  item.classList.toggle("is-pinned", data.pinned);
  const texts = {
    label: toWhom(data),
    time: timeOf(data.published_at),
    corrected: data.corrected_at ? say("corrected", { time: timeOf(data.corrected_at) }) : "",
  };
  for (const slot of item.querySelectorAll("[data-slot]")) {
    const { slot: name } = slot.dataset;
    if (name === "html") slot.innerHTML = data.html; // sanitised by the server
    else if (name === "pin") slot.hidden = !data.pinned;
    else slot.textContent = texts[name] ?? "";
    if (name === "corrected") slot.hidden = !texts.corrected;
    if (slot instanceof HTMLTimeElement) slot.dateTime = data.published_at;
  }
}

/** Where a fresh page would have it: pinned ones first where a list has room for all, then the newest. */
function place(list, item, data) {
  const template = list.querySelector("[data-announcement-template]");
  const marks = list.closest("[data-marks-read]");
  const pinned = marks && !data.pinned ? [...list.querySelectorAll(".announcement.is-pinned")] : [];
  const before = [template, ...pinned.filter((other) => other !== item)].at(-1);
  const newer = [...list.querySelectorAll("[data-announcement]")].filter(
    (other) => other !== item && marks && other.classList.contains("is-pinned") === data.pinned
      && Date.parse(other.querySelector("time")?.dateTime) > Date.parse(data.published_at),
  );
  (newer.at(-1) ?? before).after(item);
}

function put(list, data) {
  const template = list.querySelector("[data-announcement-template]");
  if (!template) return;
  const [known] = items(data.id, list);
  const item = known ?? template.content.firstElementChild.cloneNode(true);
  const moved = !known || known.classList.contains("is-pinned") !== data.pinned;
  const reworded = item.dataset.stamp !== data.stamp;
  fill(item, data);
  if (reworded) {
    item.classList.add("is-new");
    delete item.dataset.read; // that was another text
  }
  if (reworded && list.closest("[data-marks-read]")) item.classList.add("is-unread");
  if (moved) place(list, item, data);
  list.parentElement?.querySelectorAll("[data-when-empty]").forEach((empty) => empty.remove());
  const most = Number(list.dataset.announcements) || Infinity;
  [...list.querySelectorAll("[data-announcement]")].slice(most).forEach((old) => old.remove());
}

function heard({ detail: { data, at, type } }) {
  const known = [data.stamp, ""].some((stamp) => saidAtFirst.has(`${data.id} ${stamp}`));
  for (const list of document.querySelectorAll("[data-announcements]")) put(list, data);
  // Open when it was said: pages that were made since then show it anyway.
  if (Date.parse(at) >= Number(document.body.dataset.now)) send({ type: "received", id: data.id });
  lookSoon();
  if (known || !isNews(at, data.stamp) || "quiet" in (document.querySelector("[data-toasts]")?.dataset ?? {})) return;
  const label = type === "announcement.corrected" ? say("correction") : toWhom(data);
  toast({ head: `${label} · ${timeOf(at)}`, html: data.html, about: `announcement-${data.id}` });
  document.body.dispatchEvent(new CustomEvent("announcement:shown", { detail: { ...data, label } }));
}

function withdrawn({ detail: { data } }) {
  items(data.id).forEach((item) => item.remove());
  dismiss(`announcement-${data.id}`);
}

// ---------------------------------------------------------------- what was read

let looking = 0;
function lookSoon() {
  clearTimeout(looking);
  if (!document.querySelector("[data-marks-read]") || document.hidden) return;
  looking = setTimeout(markRead, LOOKING);
}

async function markRead() {
  for (const list of document.querySelectorAll("[data-marks-read]")) {
    const unread = [...list.querySelectorAll(".is-unread[data-stamp]:not([data-read])")];
    if (!unread.length || document.hidden) continue;
    const body = new URLSearchParams(unread.map((item) => ["stamp", item.dataset.stamp]));
    if (!(await post(list.dataset.marksRead, body))) continue; // the next look tries again
    // They stay marked until one leaves the page: the eye must find what is new.
    for (const item of unread) item.dataset.read = "";
    document.body.dispatchEvent(new CustomEvent("announcement:read"));
  }
}

export function start() {
  for (const item of document.querySelectorAll("[data-announcement]")) {
    saidAtFirst.add(`${item.dataset.announcement} ${item.dataset.stamp ?? ""}`);
  }
  document.body.addEventListener("live:announcement.published", heard);
  document.body.addEventListener("live:announcement.corrected", heard);
  document.body.addEventListener("live:announcement.withdrawn", withdrawn);
  document.body.addEventListener("live:refetched", lookSoon);
  document.addEventListener("visibilitychange", lookSoon);
  lookSoon();
}
