// The counters in the navigation. data-unread has the stamps of what this person has not read: announcements change it as
// they arrive, without a request. What is known of questions the server counts (parts.js).

import { one } from "./dom.js";

const counters = () => [...document.querySelectorAll("[data-count]")];

/** @param {HTMLElement} counter */
const unreadOf = (counter) => new Set((counter.dataset.unread ?? "").split(" ").filter(Boolean));

/** @param {HTMLElement} counter @param {Set<string>} unread */
function show(counter, unread) {
  counter.dataset.unread = [...unread].join(" ");
  const count = unread.size + Number(counter.dataset.waiting);
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

/** A stamp is the id and the revision of an announcement: a correction replaces it. @param {CustomEvent<any>} event */
function onAnnouncement({ detail: { data } }) {
  change((unread, name) => {
    if (name !== "announcements") return;
    for (const stamp of unread) if (stamp.startsWith(`a${data.id}-`)) unread.delete(stamp);
    if (data.stamp) unread.add(data.stamp);
  });
}

export function start() {
  if (!counters().length) return;
  for (const type of ["published", "corrected", "withdrawn"]) {
    document.body.addEventListener(`live:announcement.${type}`, onAnnouncement);
  }
  document.body.addEventListener("announcement:read", ({ detail }) => {
    change((unread) => detail.stamps.forEach((/** @type {string} */ stamp) => unread.delete(stamp)));
  });
}
