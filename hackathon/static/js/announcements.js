// Published, corrected and withdrawn announcements: a toast on every page, the lists of some pages, and reports to the
// server of what was received and what was read.

import { send } from "./live.js";
import { post } from "./post.js";
import { dismiss, isNews, toast } from "./toast.js";
import { translate, timeOf } from "./translations.js";

const READING = 1500; // ms; a list that is visible for so long counts as read

// What the first page contained is not news. A part that is fetched again can contain news: where the page polls it may
// come before the message.
/** @type {Set<string>} */
const inFirstPage = new Set();

/** @param {number} id @param {ParentNode} [within] */
const items = (id, within = document) => [...within.querySelectorAll(`[data-announcement="${CSS.escape(String(id))}"]`)];

/** The message has the same label for all readers, except for "everyone", which is translated. @param {any} data of the message */
const audienceOf = ({ audience, label }) => (audience === "everyone" ? translate("everyone") : label || translate("announcement"));

/** @param {HTMLElement} item @param {any} data of the message */
function fill(item, data) {
  item.dataset.announcement = data.id;
  item.dataset.stamp = data.stamp;
  item.classList.toggle("is-pinned", data.pinned);
  /** @type {Record<string, string>} */
  const texts = {
    label: audienceOf(data),
    time: timeOf(data.published_at),
    corrected: data.corrected_at ? translate("corrected", { time: timeOf(data.corrected_at) }) : "",
  };
  for (const slot of item.querySelectorAll("[data-slot]")) {
    const { slot: name = "" } = slot.dataset;
    if (name === "html") slot.innerHTML = data.html; // sanitised by the server
    else if (name === "pin") slot.hidden = !data.pinned;
    else slot.textContent = texts[name] ?? "";
    if (name === "corrected") slot.hidden = !texts.corrected;
    if (slot instanceof HTMLTimeElement) slot.dateTime = data.published_at;
  }
}

/**
 * Put an item where a new page would have it: on pages that show all, pinned ones first; then the newest.
 * @param {HTMLElement} list
 * @param {HTMLElement} item
 * @param {any} data of the message
 */
function place(list, item, data) {
  const template = list.querySelector("[data-announcement-template]");
  const marks = list.closest("[data-marks-read]");
  const pinned = marks && !data.pinned ? [...list.querySelectorAll(".announcement.is-pinned")] : [];
  const first = [template, ...pinned.filter((other) => other !== item)].at(-1);
  const newer = [...list.querySelectorAll("[data-announcement]")].filter(
    (other) => other !== item && marks && other.classList.contains("is-pinned") === data.pinned
      && Date.parse(other.querySelector("time")?.dateTime) > Date.parse(data.published_at),
  );
  (newer.at(-1) ?? first)?.after(item);
}

/** @param {HTMLElement} list @param {any} data of the message */
function put(list, data) {
  const template = list.querySelector("template[data-announcement-template]");
  if (!(template instanceof HTMLTemplateElement)) return;
  const [known] = items(data.id, list);
  const item = known ?? /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  const moved = !known || known.classList.contains("is-pinned") !== data.pinned;
  const reworded = item.dataset.stamp !== data.stamp;
  fill(item, data);
  if (reworded) {
    item.classList.add("is-new");
    delete item.dataset.read; // of the former text
  }
  if (reworded && list.closest("[data-marks-read]")) item.classList.add("is-unread");
  if (moved) place(list, item, data);
  const limit = Number(list.dataset.announcements) || Infinity;
  [...list.querySelectorAll("[data-announcement]")].slice(limit).forEach((old) => old.remove());
}

/** @param {CustomEvent<any>} event */
function onMessage({ detail: { data, at, type } }) {
  const isShownAlready = [data.stamp, ""].some((stamp) => inFirstPage.has(`${data.id} ${stamp}`));
  for (const list of document.querySelectorAll("[data-announcements]")) put(list, data);
  // The page was open when it was published: pages that were made later contain it.
  if (Date.parse(at) >= Number(document.body.dataset.now)) send({ type: "received", id: data.id });
  readSoon();
  if (isShownAlready || !isNews(at, data.stamp) || "quiet" in (document.querySelector("[data-toasts]")?.dataset ?? {})) return;
  const label = type === "announcement.corrected" ? translate("correction") : audienceOf(data);
  toast({ head: `${label} · ${timeOf(at)}`, html: data.html, about: `announcement-${data.id}` });
  document.body.dispatchEvent(new CustomEvent("announcement:shown", { detail: { ...data, label } }));
}

/** @param {CustomEvent<any>} event */
function onWithdrawn({ detail: { data } }) {
  items(data.id).forEach((item) => item.remove());
  dismiss(`announcement-${data.id}`);
}

// ---------------------------------------------------------------- what was read

let timer = 0;
function readSoon() {
  clearTimeout(timer);
  if (!document.querySelector("[data-marks-read]") || document.hidden) return;
  timer = setTimeout(markRead, READING);
}

async function markRead() {
  for (const list of document.querySelectorAll("[data-marks-read]")) {
    const unread = [...list.querySelectorAll(".is-unread[data-stamp]:not([data-read])")];
    if (!unread.length || document.hidden) continue;
    const body = new URLSearchParams(unread.map((item) => ["stamp", item.dataset.stamp ?? ""]));
    if (!(await post(list.dataset.marksRead ?? "", body))) continue; // the next time
    const stamps = body.getAll("stamp");
    // They stay highlighted while the page is open, so that one finds what is new. One that was corrected meanwhile is not read.
    for (const [n, item] of unread.entries()) if (item.dataset.stamp === stamps[n]) item.dataset.read = "";
    document.body.dispatchEvent(new CustomEvent("announcement:read", { detail: { stamps } }));
  }
}

export function start() {
  for (const item of document.querySelectorAll("[data-announcement]")) {
    inFirstPage.add(`${item.dataset.announcement} ${item.dataset.stamp ?? ""}`);
  }
  document.body.addEventListener("live:announcement.published", onMessage);
  document.body.addEventListener("live:announcement.corrected", onMessage);
  document.body.addEventListener("live:announcement.withdrawn", onWithdrawn);
  document.body.addEventListener("live:refetched", readSoon);
  document.addEventListener("visibilitychange", readSoon);
  readSoon();
}
