// Whose page this is. The server's greeting says whether it speaks to somebody, the page fetched again says to
// whom. Where that is no longer who the page was made for it says so, and keeps what is typed in it until the
// same person is back.

import { say } from "./words.js";

const made = document.body.dataset.user ?? "";
const bar = document.querySelector("[data-session]");
const link = bar?.querySelector("a");
let cached = false;

/** The cookie rotates when somebody signs in, in whichever tab. */
const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

/** The server speaks to somebody who is signed in, or to whoever. */
export function heardAs(signedIn) {
  if (!made || signedIn === undefined) return;
  if (!signedIn) away(say("signed_out"), true);
  else if (isAway()) document.body.dispatchEvent(new CustomEvent("live:signed-in"));
}

/** The page fetched again is `user`'s: whether that is still who this one was made for. */
export function fetchedAs(user) {
  const same = !made || user === undefined || user === made;
  if (!same) away(user ? say("somebody_else") : say("signed_out"), !user);
  else if (isAway()) regained();
  cached = false;
  return same;
}

/** Whether `url`, where an answer came from, is the sign-in page: the session is over. */
export function turnedAway(url) {
  if (!made || !link || new URL(url, location.href).pathname !== link.pathname) return false;
  away(say("signed_out"), true);
  return true;
}

/** Whether the page waits for its person. */
export const isAway = () => bar?.hidden === false;

function away(text, canSignIn) {
  // Out of the browser's cache it would show what was on it to whoever presses « back ».
  if (cached) location.reload();
  if (!bar) return;
  const words = bar.querySelector("[data-session-words]");
  if (words.textContent !== text) words.textContent = text;
  link.hidden = !canSignIn; // it opens a tab of its own: this one holds what is typed
  bar.hidden = false;
}

function regained() {
  bar.hidden = true;
  const token = csrfToken();
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

export function start() {
  // Sending now would lose it: the sign-in page takes what comes and forgets it.
  document.addEventListener("submit", (event) => {
    if (!isAway() || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    link.focus();
  }, { capture: true });
  window.addEventListener("pageshow", ({ persisted }) => { cached ||= persisted; });
}
