// Whoever typed an address before opening « J’ai un mot de passe » does not type it twice.
const details = document.querySelector("details:has(#with-password)");
const typed = document.querySelector("#code_login");
const wanted = document.querySelector("#password_login");

details?.addEventListener("toggle", () => {
  if (!details.open) return;
  if (!wanted.value) wanted.value = typed.value;
  (wanted.value ? document.querySelector("#password_password") : wanted).focus();
});
