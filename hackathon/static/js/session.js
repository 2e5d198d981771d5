// Whether the page still belongs to the person it was made for. The socket's first message tells whether somebody is
// signed in, and the page fetched again tells who. Otherwise the page shows a bar, and keeps what is typed in it until
// the same person is signed in again.

import { csrfToken } from "./csrf.js";
import { one, write } from "./dom.js";
import { translate } from "./translations.js";

const made = document.body.dataset.user ?? "";
const bar = document.querySelector("[data-session]");
const link = bar?.querySelector("a");
let cached = false; // the page came out of the back/forward cache

/** Whether the server sees somebody signed in. @param {boolean | undefined} signedIn */
export function checkSignedIn(signedIn) {
  if (!made || signedIn === undefined) return;
  if (!signedIn) away(translate("signed_out"), true);
  else if (isAway()) document.body.dispatchEvent(new CustomEvent("live:signed-in"));
}

/** The page fetched again was made for `user`; whether this one was too. @param {string | undefined} user */
export function checkUser(user) {
  const same = !made || user === undefined || user === made;
  if (!same) away(user ? translate("somebody_else") : translate("signed_out"), !user);
  else if (isAway()) regained();
  cached = false;
  return same;
}

/** Whether an answer came from the sign-in page, since the session is over. @param {string} url */
export function isSignInPage(url) {
  if (!made || !link || new URL(url, location.href).pathname !== link.pathname) return false;
  away(translate("signed_out"), true);
  return true;
}

/** Whether the page waits until its person is signed in again. */
export const isAway = () => bar?.hidden === false;

/** @param {string} text @param {boolean} canSignIn */
function away(text, canSignIn) {
  // Out of the back/forward cache it would show its content to the next person.
  if (cached) location.reload();
  if (!bar || !link) return;
  write(one("[data-session-words]", bar), text);
  link.hidden = !canSignIn; // it opens another tab: this one keeps what is typed
  bar.hidden = false;
}

function regained() {
  if (bar) bar.hidden = true;
  const token = csrfToken();
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.setAttribute("value", token);
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

export function start() {
  // Sent now, the content of the form would be lost: the answer is a redirect to the sign-in page.
  document.addEventListener("submit", (event) => {
    if (!isAway() || !(event.target instanceof HTMLFormElement) || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    link?.focus();
  }, { capture: true });
  window.addEventListener("pageshow", ({ persisted }) => { cached ||= persisted; });
}
