// A call for help waits five seconds, in which it can be taken back or get a note. While something is typed it waits for the
// button. Leaving the page sends it. Without this script a call is sent at once.

import "./main.js"; // one bundle with what every page runs
import { around, one, write } from "./dom.js";

const WAIT_SECONDS = 5;
/** @typedef {{ form: HTMLFormElement, button: HTMLElement, kind: string, left: number, timer: number, issue: () => void }} Pending */
/** @type {Pending | null} */
let pending = null;

/** @param {Pending} call */
function draw({ form, left, timer }) {
  form.classList.toggle("is-calling", true);
  one("[data-calling]", form).hidden = false;
  const count = one("[data-calling-left]", form);
  count.hidden = !timer;
  write(count, String(left));
}

function tick() {
  if (!pending) return;
  pending.left -= 1;
  if (pending.left <= 0) callNow();
  else draw(pending);
}

function stop() {
  if (!pending) return;
  clearInterval(pending.timer);
  pending.form.classList.remove("is-calling");
  const box = pending.form.querySelector("[data-calling]");
  if (box) box.hidden = true;
  pending = null;
}

function callNow() {
  const call = pending;
  stop();
  call?.issue();
}

/** htmx asks before each request. @param {any} event */
function onConfirm(event) {
  const { elt: form, triggeringEvent, issueRequest } = event.detail;
  const button = triggeringEvent?.submitter;
  if (!(form instanceof HTMLFormElement) || !form.matches("#help form:has([data-calling])") || !button?.value) return;
  event.preventDefault();
  if (!form.reportValidity()) return;
  stop();
  const kind = document.createElement("input");
  kind.type = "hidden";
  [kind.name, kind.value] = [button.name, button.value];
  write(one("[data-calling-whom]", form), button.dataset.calls ?? "");
  pending = {
    form,
    button,
    kind: button.value,
    left: WAIT_SECONDS,
    timer: window.setInterval(tick, 1000),
    issue: () => {
      form.append(kind); // htmx forgets the button when it loses the focus
      issueRequest(true);
    },
  };
  one("#help-more", form, HTMLDetailsElement).open = true;
  draw(pending);
  one("[data-calling-stop]", form).focus();
}

document.body.addEventListener("htmx:confirm", onConfirm);
document.body.addEventListener("click", (event) => {
  if (around(event, "[data-calling-stop]")) {
    const button = pending?.button;
    stop();
    button?.focus(); // the button that had the focus is hidden now
  } else if (around(event, "[data-calling-now]")) callNow();
});
document.body.addEventListener("input", (event) => {
  if (!pending || !around(event, "#help")) return;
  clearInterval(pending.timer);
  pending.timer = 0;
  draw(pending);
});
// Another member has called, or the card is another one.
for (const type of ["live:refetched", "htmx:afterSettle"]) {
  document.body.addEventListener(type, () => {
    if (!pending) return;
    if (pending.form.isConnected) draw(pending);
    else stop();
  });
}
window.addEventListener("pagehide", () => {
  if (!pending) return;
  const body = new FormData(pending.form);
  body.set("kind", pending.kind);
  fetch(pending.form.action, { method: "POST", body, keepalive: true });
  stop();
});
