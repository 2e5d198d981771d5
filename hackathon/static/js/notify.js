// Notifications of the operating system. Permission is asked for with a button, never on load. For a person who is signed in
// the browser's push service brings them to a closed phone; without one (and for everybody else) announcements are shown
// while the page is open but hidden.

import { around, one } from "./dom.js";
import { post } from "./post.js";

const CHOICE = "notify";
const SIGN_OUT = "/compte/deconnexion/";

const mine = document.body.dataset.user || "on"; // another person on this device has chosen nothing

/** @type {PushSubscription | null} */
let subscription = null;
let failed = false;

function chosen() {
  try {
    return localStorage.getItem(CHOICE) === mine;
  } catch {
    return false;
  }
}

/** @param {boolean} on */
function choose(on) {
  try {
    if (on) localStorage.setItem(CHOICE, mine);
    else localStorage.removeItem(CHOICE);
  } catch {
    // Without storage it stays off.
  }
}

const granted = () => "Notification" in window && Notification.permission === "granted";
const boxes = () => [...document.querySelectorAll("[data-notify]")];
const device = () => boxes().find((box) => box.dataset.pushKey);

function show() {
  const possible = "Notification" in window;
  const on = possible && granted() && chosen();
  for (const box of boxes()) {
    const forDevice = "pushKey" in box.dataset;
    box.hidden = !possible && !forDevice;
    const state = !possible ? "impossible" : Notification.permission === "denied" ? "denied" : !on ? "off" : !forDevice || subscription ? "on" : failed ? "page" : "off";
    const button = one("[data-notify-ask]", box);
    button.hidden = state === "denied" || state === "impossible";
    button.setAttribute("aria-pressed", String(on));
    for (const words of box.querySelectorAll("[data-notify-words]")) words.hidden = !words.dataset.notifyWords?.split(" ").includes(state);
  }
}

/** The key of the site, as browsers want it. @param {string} text base64url */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer | null | undefined} held @param {Uint8Array} wanted */
const isSame = (held, wanted) => !!held && String(new Uint8Array(held)) === String(wanted);

/** Tells the server how to reach this device. Nothing happens twice. @param {HTMLElement} box */
async function subscribe(box) {
  failed = true;
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
  try {
    const key = bytes(box.dataset.pushKey ?? "");
    const registration = await navigator.serviceWorker.register(new URL("./push-worker.js", import.meta.url));
    let held = await registration.pushManager.getSubscription();
    if (held && !isSame(held.options.applicationServerKey, key)) {
      await held.unsubscribe(); // made for a former key
      held = null;
    }
    held ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint = "", keys } = held.toJSON();
    const body = new URLSearchParams({ endpoint, p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" });
    if (!(await post(box.dataset.pushOn ?? "", body))) return;
    subscription = held;
    failed = false;
  } catch {
    // No push service here, or none that answers.
  }
}

async function stop() {
  choose(false);
  const box = device();
  if (!box) return;
  await post(box.dataset.pushOff ?? "", "");
  await subscription?.unsubscribe().catch(() => false);
  subscription = null;
}

async function toggle() {
  const box = device();
  if (chosen() && granted()) await stop();
  else {
    const allowed = (await Notification.requestPermission()) === "granted";
    choose(allowed);
    if (allowed && box) await subscribe(box);
  }
  show();
}

/** @param {CustomEvent<any>} event */
function notify({ detail: { stamp, label, html } }) {
  if (!document.hidden || !chosen() || !granted() || subscription) return;
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  try {
    // With the tag several open tabs show one notification, also if a push message arrives too.
    const shown = new Notification(label, { body: words.slice(0, 300), tag: `announcement:${stamp}` });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
    });
  } catch {
    // Phones allow this to service workers only; the page shows a toast.
  }
}

export async function start() {
  document.body.addEventListener("announcement:shown", notify);
  document.addEventListener("click", (event) => around(event, "[data-notify-ask]") && toggle());
  document.addEventListener("submit", ({ target }) => {
    // The server forgets the device when its session ends.
    if (target instanceof HTMLFormElement && new URL(target.action).pathname === SIGN_OUT) choose(false);
  });
  show();
  const box = device();
  if (!box || !chosen() || !granted()) return;
  await subscribe(box); // a session that was renewed has lost it
  show();
}
