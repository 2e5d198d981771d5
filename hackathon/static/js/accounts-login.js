// Copies the address that was typed for a code into the password form, when that form is opened.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";

const details = document.querySelector("details:has(#with-password)");

if (details instanceof HTMLDetailsElement) {
  const typed = one("#code_login", document, HTMLInputElement);
  const login = one("#password_login", document, HTMLInputElement);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    if (!login.value) login.value = typed.value;
    (login.value ? one("#password_password") : login).focus();
  });
}
