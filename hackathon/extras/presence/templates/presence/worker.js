// Service worker of the list of who is there: it opens without a network, with the list as the server last sent it. The
// list is deleted after a day, and once somebody else is signed in on this device (js/kept.js).

importScripts("{% static "offline/stored.js" %}");

const HOME = new URL("./", self.location).pathname;
const KEPT = "presence-list";
const LONGEST = 86_400_000; // ms

// Once it is loaded the page sends the list of its static files; others are deleted.
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data).catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (pathname === HOME) event.respondWith(pageOf(request));
  else if (pathname.startsWith("/static/")) event.respondWith(staticOf(request));
});

async function keepAll({ page, files }) {
  await keepFiles(await caches.open(KEPT), files);
  await pageOf(new Request(page, { headers: { Accept: "text/html" } })); // the first one came without this worker
}

/** The page as it is opened, or fetched again by its script, which needs no stored one. */
async function pageOf(request) {
  const cache = await caches.open(KEPT);
  const stored = request.mode === "navigate" ? await recent(cache, request.url) : undefined;
  return answerOf(request, {
    instead: stored && (() => aged(stored, (text) => text.replace(" data-presence-net ", ` data-presence-net="${keptAt(stored)}" `))),
    receive: (answer) => {
      if (answer.status >= 500) return null;
      // Signed out, or without the right: the list is not theirs any more.
      if (!answer.ok || answer.redirected || answer.type === "opaqueredirect") return cache.delete(request.url);
      return keep(cache, request.url, answer.clone());
    },
  });
}

/** The stored list of that moment, or of the current one. */
async function recent(cache, url) {
  const stored = (await cache.match(url)) ?? (await cache.match(HOME));
  if (!stored || Date.now() - keptAt(stored) <= LONGEST) return stored;
  await caches.delete(KEPT);
  return undefined;
}

const staticOf = async (request) => fileOf(await caches.open(KEPT), request);
