// The envelopes: what is shown on the page is hashed here, by the reader's own browser, and compared with the digest
// that was announced.

const root = document.querySelector("[data-envelopes]");

async function digestOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answerOf(envelope) {
  if (!globalThis.crypto?.subtle) return "unable"; // browsers compute on https and on this very computer only
  const digest = await digestOf(envelope.querySelector("[data-content]").textContent);
  return digest === envelope.querySelector("[data-digest]").dataset.digest ? "same" : "other";
}

async function check() {
  for (const envelope of root.querySelectorAll("[data-envelope]")) {
    const answer = await answerOf(envelope);
    for (const line of envelope.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== answer;
  }
}

document.body.addEventListener("live:refetched", check);
check();
