// A passkey or a security key: the browser makes or uses one, and the form sends its answer.

import { one } from "./dom.js";

const button = /** @type {HTMLButtonElement} */ (one("[data-passkey]"));
const form = /** @type {HTMLFormElement} */ (button.closest("form"));
const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("credential"));
const options = JSON.parse(one("#key-options").textContent ?? "{}");

async function credential() {
  if (button.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.creation_options.publicKey);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
  return navigator.credentials.get({ publicKey });
}

button.addEventListener("click", async () => {
  try {
    field.value = JSON.stringify(await credential());
    form.submit();
  } catch {
    one("[data-passkey-failed]").hidden = false; // refused, too late, or too old a browser
  }
});
button.disabled = false; // its handler is set
