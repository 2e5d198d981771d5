// Notifications of the operating system for announcements, while the page is open but hidden. Permission is asked for
// with a button, never on load; there is no push service.

import { around, one } from "./dom.js";

const CHOICE = "notify";

function chosen() {
  try {
    return localStorage.getItem(CHOICE) === "on";
  } catch {
    return false;
  }
}

/** @param {boolean} on */
function choose(on) {
  try {
    localStorage.setItem(CHOICE, on ? "on" : "off");
  } catch {
    // Without storage it stays off.
  }
}

function show() {
  for (const box of document.querySelectorAll("[data-notify]")) {
    box.hidden = false;
    const on = chosen() && Notification.permission === "granted";
    const button = one("[data-notify-ask]", box);
    button.setAttribute("aria-pressed", String(on));
    button.hidden = Notification.permission === "denied";
    for (const words of box.querySelectorAll("[data-notify-words]")) words.hidden = (words.dataset.notifyWords === "on") !== on;
    one("[data-notify-denied]", box).hidden = Notification.permission !== "denied";
  }
}

async function toggle() {
  if (chosen() && Notification.permission === "granted") choose(false);
  else choose((await Notification.requestPermission()) === "granted");
  show();
}

/** @param {CustomEvent<any>} event */
function notify({ detail: { id, label, html } }) {
  if (!document.hidden || !chosen() || Notification.permission !== "granted") return;
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  try {
    // With the tag several open tabs show one notification.
    const shown = new Notification(label, { body: words.slice(0, 300), tag: `announcement-${id}` });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
    });
  } catch {
    // Phones allow this to service workers only; the page shows a toast.
  }
}

export function start() {
  if (!("Notification" in window)) return;
  document.body.addEventListener("announcement:shown", notify);
  document.addEventListener("click", (event) => around(event, "[data-notify-ask]") && toggle());
  show();
}
