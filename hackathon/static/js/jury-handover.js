// A tablet changes hands: what its juror could not send is sealed, everything else of theirs goes; whoever comes
// next touches a name and types six digits, or reads a badge.

import * as keeper from "./jury-keeper.js";
import * as store from "./jury-store.js";
import { carry, csrf, jury, send } from "./jury-sync.js";

const SEND_WITHIN = 3000; // ms; then it is sealed
const AGAIN = [2, 4, 8]; // seconds, while nobody can be signed out
const CARRY_WITHIN = 5000; // ms; then the next page goes on with what is sealed

const atMost = (ms, promise) => Promise.race([promise, new Promise((done) => setTimeout(done, ms))]);

/** `seconds`, or until the browser says that the network is back. */
function pause(seconds) {
  return atMost(seconds * 1000, new Promise((done) => window.addEventListener("online", done, { once: true })));
}

async function pass(form) {
  if (jury) await atMost(SEND_WITHIN, send()).catch(() => {});
  await keeper.leave();
  // Until the server has signed them out, no page of theirs opens here.
  await store.setVacant(true);
  for (let turn = 0; !(await signedOut(form)); turn += 1) {
    // Out of the worker the page says nothing else.
    document.querySelector("[data-emptied]")?.removeAttribute("hidden");
    document.querySelector("[data-held]")?.setAttribute("hidden", ""); // nothing there works any more
    await pause(AGAIN[Math.min(turn, AGAIN.length - 1)]);
  }
  await atMost(CARRY_WITHIN, carry(form.dataset.sealedUrl));
  location.replace(form.action);
}

async function signedOut(form) {
  try {
    const headers = { "X-CSRFToken": csrf() };
    const options = { method: "POST", headers, redirect: "manual", signal: AbortSignal.timeout(10_000) };
    const answer = await fetch(form.action, options);
    // 422: the session had ended, and the server took it for an attempt to enter.
    return answer.type === "opaqueredirect" || answer.ok || [404, 422].includes(answer.status);
  } catch {
    return false;
  }
}

function leaving() {
  const form = document.querySelector("[data-pass]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("button").setAttribute("aria-busy", "true");
    pass(form);
  });
  return form;
}

async function arriving() {
  const form = document.querySelector("[data-arrive]");
  if (!form) return;
  await keeper.leave();
  await store.setVacant(false);
  carry(form.dataset.sealedUrl);
  const pin = form.querySelector("[name=pin]");
  form.addEventListener("change", ({ target }) => target.name === "juror" && pin.focus());
  pin.addEventListener("input", () => {
    if (/^\d{6}$/.test(pin.value.replace(/\s/g, "")) && form.querySelector("[name=juror]:checked")) form.requestSubmit();
  });
}

/** The token is behind the #: it goes to the server in a body, and stays in no history. */
function badge() {
  document.querySelector("[data-badge-confirm]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await keeper.leave();
    await store.setVacant(false);
    event.target.submit();
  });
  const form = document.querySelector("[data-badge]");
  if (!form || location.hash.length < 2) return;
  form.querySelector("[name=token]").value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  form.submit();
}

const form = leaving();
if (form && (await store.isVacant())) pass(form); // it was passed on without a network
await arriving();
badge();
