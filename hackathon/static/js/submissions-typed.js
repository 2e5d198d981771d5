// Links and texts, sent to the form's own address. If the answer is lost, the server is asked for the outcome.

import { csrfToken } from "./csrf.js";
import { box, translate } from "./submissions-translations.js";
import { secondsOf } from "./translations.js";

/** @typedef {import("./submissions-card.js").Card} Card */

const CHECKS = [1, 3, 8, 20]; // seconds between questions after a lost answer
const TIMEOUT = 30_000; // ms

/** @param {Card} card */
export async function sendTyped(card) {
  if (card.isBusy) return;
  const { form } = card;
  const newest = card.status?.dataset.newest ?? "";
  const size = sizeOf(form);
  card.showOutcome();
  acceptField(form);
  card.busy(true);
  const body = new FormData(form);
  // The token of the form may belong to a session that has ended.
  body.set("csrfmiddlewaretoken", csrfToken());
  let answer;
  let html = "";
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    html = await answer.text();
  } catch {
    answer = null;
  }
  card.busy(false);
  if (answer) answered(card, answer, html);
  else await askWhether(card, newest, size);
}

/** @param {Card} card @param {Response} answer @param {string} html */
function answered(card, answer, html) {
  // Only 201 means received: a redirect to the sign-in page ends with 200.
  if (answer.status === 201 || answer.status === 422) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    if (answer.status === 422) refuseField(card.form, body);
    card.showOutcome(...body.childNodes);
    if (answer.status === 201) card.clear();
  } else if (new URL(answer.url).pathname !== new URL(card.form.action).pathname) {
    offer(card, "error", translate("signedOutTyped"));
  } else if (answer.status >= 500) {
    offer(card, "error", translate("failed"));
  } else {
    card.showOutcome(box("error", translate("rejected")));
  }
  if (!card.form.querySelector("[data-refused]")) card.focusOutcome();
  card.refresh();
}

/** Show the error at its field, as the page without a script does. @param {HTMLFormElement} form @param {HTMLElement} answer */
function refuseField({ elements }, answer) {
  const reason = answer.querySelector("[data-refused]");
  const control = reason && elements.namedItem(reason.getAttribute("data-refused") ?? "");
  if (!reason || !(control instanceof HTMLElement)) return;
  control.closest(".field")?.append(reason);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [...describedBy(control), reason.id].join(" "));
  control.focus();
}

/** Remove the error of the last attempt. @param {HTMLFormElement} form */
function acceptField(form) {
  const control = form.querySelector("[aria-invalid]");
  if (!control) return;
  const reason = control.closest(".field")?.querySelector(".field-error")?.parentElement;
  control.removeAttribute("aria-invalid");
  control.setAttribute("aria-describedby", describedBy(control).filter((id) => id !== reason?.id).join(" "));
  reason?.remove();
}

/** @param {Element} control */
function describedBy(control) {
  return control.getAttribute("aria-describedby")?.split(" ").filter(Boolean) ?? [];
}

/** Show a sentence, with a button that sends the same again. @param {Card} card @param {string} kind @param {string} sentence */
function offer(card, kind, sentence) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-primary";
  button.textContent = translate("retry");
  button.addEventListener("click", () => sendTyped(card));
  const message = box(kind, sentence);
  card.showOutcome(message, button);
  card.article.classList.add("has-retry");
  return message;
}

/**
 * No answer came: ask the server for the newest version before telling an outcome.
 * @param {Card} card
 * @param {string} newest id of the newest version before
 * @param {number} size bytes
 */
async function askWhether(card, newest, size) {
  const question = offer(card, "warning", translate("asking"));
  for (const seconds of CHECKS) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const version = await newestOf(card.id);
    if (!question.isConnected) return; // sent again, or changed
    if (version === undefined) continue;
    if (version && String(version.id) !== newest && version.size === size) {
      const time = secondsOf(Date.parse(version.received_at));
      card.showOutcome(box("success", translate("found", { time, version: version.version })));
      card.clear();
    } else {
      offer(card, "error", translate("notFound"));
    }
    card.refresh();
    return;
  }
  offer(card, "warning", translate("unanswered"));
}

/** The newest version; null if there is none, undefined if the server does not answer. @param {string | undefined} id */
async function newestOf(id) {
  try {
    const answer = await fetch("/api/v1/deliverables/", { headers: { Accept: "application/json" } });
    if (!answer.ok) return undefined;
    const mine = (await answer.json()).find((/** @type {any} */ deliverable) => String(deliverable.id) === id);
    return mine?.submissions[0] ?? null;
  } catch {
    return undefined;
  }
}

/** Bytes that the server would store: UTF-8, a link with its scheme. @param {HTMLFormElement} form */
function sizeOf({ elements }) {
  const url = elements.namedItem("url");
  const value = /** @type {HTMLInputElement} */ (url ?? elements.namedItem("text")).value;
  const whole = url && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? `https://${value}` : value;
  return new TextEncoder().encode(url ? whole.trim() : whole).length;
}
