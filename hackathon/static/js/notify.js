// The system's own notification for an announcement, while a page is open and nobody looks at it. It is asked
// for with a button, never on load; there is no push service behind it.

const CHOICE = "notify";

function chosen() {
  try {
    return localStorage.getItem(CHOICE) === "on";
  } catch {
    return false;
  }
}

function choose(on) {
  try {
    localStorage.setItem(CHOICE, on ? "on" : "off");
  } catch {
    // Not kept: it stays off.
  }
}

function show() {
  for (const box of document.querySelectorAll("[data-notify]")) {
    box.hidden = false;
    const on = chosen() && Notification.permission === "granted";
    const button = box.querySelector("[data-notify-ask]");
    button.setAttribute("aria-pressed", String(on));
    button.hidden = Notification.permission === "denied";
    for (const words of box.querySelectorAll("[data-notify-words]")) words.hidden = (words.dataset.notifyWords === "on") !== on;
    box.querySelector("[data-notify-denied]").hidden = Notification.permission !== "denied";
  }
}

async function toggle() {
  if (chosen() && Notification.permission === "granted") choose(false);
  else choose((await Notification.requestPermission()) === "granted");
  show();
}

function notify({ detail: { id, label, html } }) {
  if (!document.hidden || !chosen() || Notification.permission !== "granted") return;
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  try {
    // The tag makes several open tabs one notification.
    const shown = new Notification(label, { body: words.slice(0, 300), tag: `announcement-${id}` });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
    });
  } catch {
    // Phones only let service workers notify: the toast waits on the page.
  }
}

export function start() {
  if (!("Notification" in window)) return;
  document.body.addEventListener("announcement:shown", notify);
  document.addEventListener("click", (event) => event.target.closest?.("[data-notify-ask]") && toggle());
  show();
}
