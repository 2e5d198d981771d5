// Hashes the envelopes shown on the page in the reader's own browser, and compares with the digests published before.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";

const root = one("[data-envelopes]");

/** @param {string} text */
async function digestOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {HTMLElement} envelope */
async function resultOf(envelope) {
  if (!globalThis.crypto?.subtle) return "unable"; // only https and localhost have it
  const digest = await digestOf(one("[data-content]", envelope).textContent);
  return digest === one("[data-digest]", envelope).dataset.digest ? "same" : "other";
}

async function check() {
  for (const envelope of root.querySelectorAll("[data-envelope]")) {
    const result = await resultOf(envelope);
    for (const line of envelope.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== result;
  }
}

document.body.addEventListener("live:refetched", check);
check();
