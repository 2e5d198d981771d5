// A tablet is handed over: unsent changes of its juror are sealed, everything else is deleted. The next juror chooses a
// name and types six digits, or scans a badge.

import "./main.js"; // one bundle with what every page runs
import { csrfToken } from "./csrf.js";
import { one } from "./dom.js";
import * as keeper from "./jury-keeper.js";
import * as store from "./jury-store.js";
import { sendSealed, jury, send } from "./jury-sync.js";

const SEND_WITHIN = 3000; // ms; then unsent changes are sealed
const RETRY = [2, 4, 8]; // seconds, until the juror is signed out
const SEAL_WITHIN = 5000; // ms; then the next page goes on sending what is sealed

/** @param {number} ms @param {Promise<unknown>} promise */
const atMost = (ms, promise) => Promise.race([promise, new Promise((done) => setTimeout(done, ms))]);

/** Wait, but not longer than until the network is back. @param {number} seconds */
function pause(seconds) {
  return atMost(seconds * 1000, new Promise((done) => window.addEventListener("online", done, { once: true })));
}

/** @param {HTMLFormElement} form */
async function pass(form) {
  if (jury) await atMost(SEND_WITHIN, send()).catch(() => {});
  await keeper.leave();
  // Until the server has signed the juror out, the service worker shows no other page.
  await store.setVacant(true);
  for (let turn = 0; !(await signedOut(form)); turn += 1) {
    // Where the page comes out of the service worker's cache, this is all it can show.
    document.querySelector("[data-emptied]")?.removeAttribute("hidden");
    document.querySelector("[data-held]")?.setAttribute("hidden", "");
    await pause(RETRY[Math.min(turn, RETRY.length - 1)]);
  }
  await atMost(SEAL_WITHIN, sendSealed(form.dataset.sealedUrl ?? ""));
  location.replace(form.action);
}

/** @param {HTMLFormElement} form */
async function signedOut(form) {
  try {
    const headers = { "X-CSRFToken": csrfToken() };
    const answer = await fetch(form.action, {
      method: "POST", headers, redirect: "manual", signal: AbortSignal.timeout(10_000),
    });
    // 422: the session had ended, and the server took the request for a sign-in without a name.
    return answer.type === "opaqueredirect" || answer.ok || [404, 422].includes(answer.status);
  } catch {
    return false;
  }
}

function leaving() {
  const form = document.querySelector("form[data-pass]");
  if (!(form instanceof HTMLFormElement)) return null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    one("button", form).setAttribute("aria-busy", "true");
    pass(form);
  });
  return form;
}

async function arriving() {
  const form = document.querySelector("form[data-arrive]");
  if (!(form instanceof HTMLFormElement)) return;
  await keeper.leave();
  await store.setVacant(false);
  sendSealed(form.dataset.sealedUrl ?? "");
  const pin = one("[name=pin]", form, HTMLInputElement);
  const enter = () => {
    if (/^\d{6}$/.test(pin.value.replace(/\s/g, "")) && form.querySelector("[name=juror]:checked")) form.requestSubmit();
  };
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === "juror") pin.focus();
  });
  pin.addEventListener("input", enter);
  enter(); // typed meanwhile
}

/** The token is in the fragment: it is sent in a request body, and does not stay in the history. */
function badge() {
  document.querySelector("[data-badge-confirm]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await keeper.leave();
    await store.setVacant(false);
    /** @type {HTMLFormElement} */ (event.target).submit();
  });
  const form = document.querySelector("form[data-badge]");
  if (!(form instanceof HTMLFormElement) || location.hash.length < 2) return;
  one("[name=token]", form, HTMLInputElement).value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  form.submit();
}

const form = leaving();
if (form && (await store.isVacant())) pass(form); // it was handed over without a network
await arriving();
badge();
