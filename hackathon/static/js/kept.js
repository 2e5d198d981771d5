// What a page keeps on this device so that it opens without a network: a cache of its service worker, which belongs to one
// person. It is deleted on any page of the site once its owner is not signed in.

const OWNER = "kept-for:"; // and the name of the cache

/** @param {string} cache the cache's name in the worker @param {number} user @param {string} workerUrl */
export async function keep(cache, user, workerUrl) {
  if (!navigator.serviceWorker) return; // plain http
  try {
    localStorage.setItem(OWNER + cache, String(user));
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
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(OWNER))) {
      if (localStorage.getItem(key) === (document.body.dataset.user ?? "")) continue;
      localStorage.removeItem(key);
      caches?.delete(key.slice(OWNER.length));
    }
  } catch {
    // Without storage nothing was kept.
  }
}
