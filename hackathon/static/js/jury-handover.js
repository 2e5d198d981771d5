// A tablet changes hands: what its juror could not send is sealed, everything else of theirs goes; whoever comes
// next touches a name and types six digits, or reads a badge.

import * as keeper from "./jury-keeper.js";
import * as store from "./jury-store.js";
import { carry, csrf, jury, send } from "./jury-sync.js";

const SEND_WITHIN = 3000; // ms; then it is sealed
const AGAIN = [2, 4, 8]; // seconds, while nobody can be signed out

async function pass(form) {
  if (jury) await Promise.race([send(), new Promise((done) => setTimeout(done, SEND_WITHIN))]).catch(() => {});
  await keeper.leave();
  // Until the server has signed them out, no page of theirs opens here.
  await store.setVacant(true);
  for (let turn = 0; !(await signedOut(form)); turn += 1) {
    document.querySelector("[data-empty]").hidden = false;
    document.querySelector("[data-held]").hidden = true; // nothing there works any more
    await new Promise((done) => setTimeout(done, AGAIN[Math.min(turn, AGAIN.length - 1)] * 1000));
  }
  location.replace(form.action);
}

async function signedOut(form) {
  try {
    const headers = { "X-CSRFToken": csrf() };
    const options = { method: "POST", headers, redirect: "manual", signal: AbortSignal.timeout(10_000) };
    const answer = await fetch(form.action, options);
    return answer.type === "opaqueredirect" || answer.ok || answer.status === 404;
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
