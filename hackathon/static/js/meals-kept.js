// The list of meals on this device, so that its page opens without a network. It belongs to one person: it is deleted on
// any page of the site once nobody or somebody else is signed in.

const OWNER = "meals-owner";
const KEPT = "meals-handout"; // the cache of the service worker, templates/meals/worker.js

/** @param {number} user @param {string} workerUrl */
export async function keep(user, workerUrl) {
  if (!navigator.serviceWorker) return; // plain http
  try {
    localStorage.setItem(OWNER, String(user));
    await navigator.serviceWorker.register(workerUrl);
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0])
      .filter((url) => url.startsWith(`${location.origin}/static/`));
    active?.postMessage({ page: location.href, files: [...new Set(files)] });
  } catch {
    // Only opening the page without a network needs it.
  }
}

export function start() {
  try {
    const owner = localStorage.getItem(OWNER);
    if (!owner || owner === (document.body.dataset.user ?? "")) return;
    localStorage.removeItem(OWNER);
    caches?.delete(KEPT);
  } catch {
    // Without storage nothing was kept.
  }
}
