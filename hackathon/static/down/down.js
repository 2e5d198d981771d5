// The pages that nginx shows while no process of the site answers (deploy/nginx.conf).
const RETRY_MS = 3000;
const afterForm = document.currentScript?.hasAttribute("data-form");

function leave() {
  // The browser keeps what was typed in the page before; loading this one again would send the
  // form a second time.
  if (afterForm) history.back();
  else location.reload();
}

async function retry() {
  try {
    if ((await fetch("/readyz", { cache: "no-store" })).ok) return leave();
  } catch {
    // no network
  }
  setTimeout(retry, RETRY_MS);
}

document.querySelector("[data-back]")?.addEventListener("click", leave);
setTimeout(retry, RETRY_MS);
