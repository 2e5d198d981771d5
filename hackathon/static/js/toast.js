// Announcements as they are made: a toast on every page, and the lists that a page may have.

import { say, timeOf } from "./words.js";

const CLOSE = "M18 6l-12 12M6 6l12 12";
const OVERLAP = 10_000; // as in core/live.py
const SHOWN = "toasts-shown"; // so that the next page does not show the same one again

function shownBefore(id) {
  if (id === undefined) return false;
  try {
    const shown = JSON.parse(sessionStorage.getItem(SHOWN) ?? "[]");
    if (shown.includes(id)) return true;
    sessionStorage.setItem(SHOWN, JSON.stringify([...shown, id].slice(-100)));
  } catch {
    // No storage: at worst somebody reads it twice.
  }
  return false;
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Show a toast; `html` comes sanitised from the server, `text` is anything. It stays until closed if it is news. */
export function toast({ head = "", html = "", text = "", kind = "", seconds = 0 }) {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const box = make("div", `toast ${kind && `is-${kind}`}`);
  if (head) box.append(make("p", "toast-head", head));
  const body = make("div", "toast-body prose", text);
  if (html) body.innerHTML = html;
  const close = make("button", "toast-close");
  close.type = "button";
  close.setAttribute("aria-label", say("close"));
  close.title = say("close");
  close.innerHTML = `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true"><path d="${CLOSE}"/></svg>`;
  close.addEventListener("click", () => box.remove());
  box.append(body, close);
  region.append(box);
  while (region.children.length > 3) region.firstElementChild.remove();
  if (seconds) setTimeout(() => box.remove(), seconds * 1000);
}

function prepend(list, { id, html, label, published_at: at }) {
  if ([...list.children].some((item) => item.dataset.announcement === String(id))) return;
  const template = list.querySelector("[data-announcement-template]");
  if (!template) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.announcement = id;
  item.classList.add("is-new");
  const fill = { label: label || say("announcement"), time: timeOf(at) };
  for (const slot of item.querySelectorAll("[data-slot]")) {
    if (slot.dataset.slot === "html") slot.innerHTML = html;
    else slot.textContent = fill[slot.dataset.slot] ?? "";
    if (slot.dataset.slot === "time" && slot instanceof HTMLTimeElement) slot.dateTime = at;
  }
  template.after(item);
  list.parentElement?.querySelectorAll("[data-when-empty]").forEach((empty) => empty.remove());
  const most = Number(list.dataset.announcements) || Infinity;
  [...list.querySelectorAll("[data-announcement]")].slice(most).forEach((old) => old.remove());
}

function published(event) {
  const { data, at } = event.detail;
  const announcement = { ...data, published_at: data.published_at ?? at };
  const known = document.querySelector(`[data-announcement="${CSS.escape(String(data.id))}"]`);
  for (const list of document.querySelectorAll("[data-announcements]")) prepend(list, announcement);
  if (known || shownBefore(data.id) || "quiet" in (document.querySelector("[data-toasts]")?.dataset ?? {})) return;
  // The first replay overlaps what was there when the page was made: that is no news to announce.
  if (Date.parse(announcement.published_at) < Number(document.body.dataset.now) - OVERLAP) return;
  toast({
    head: `${data.label || say("announcement")} · ${timeOf(announcement.published_at)}`,
    html: data.html,
  });
}

export function start() {
  document.body.addEventListener("live:announcement.published", published);
  for (const [type, word] of [["sendError", "failed"], ["timeout", "failed"], ["responseError", "refused"]]) {
    document.body.addEventListener(`htmx:${type}`, (event) => {
      // Only for what somebody did: fragments that refresh themselves will try again, and the state of
      // the connection is shown already.
      const cause = event.detail.requestConfig?.triggeringEvent?.type ?? "";
      if (cause.startsWith("live:") || cause === "load" || cause === "") return;
      toast({ text: say(word), kind: "error", seconds: 8 });
    });
  }
}
