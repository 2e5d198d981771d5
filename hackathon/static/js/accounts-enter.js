// The code of a QR code is in the fragment: it is sent in a request body only, and does not stay in the history.

const form = document.querySelector("form[data-from-fragment]");
const field = form?.querySelector("[name=code]");
if (form instanceof HTMLFormElement && field instanceof HTMLInputElement && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
