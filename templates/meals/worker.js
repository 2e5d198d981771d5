// Service worker of the page on which meals are handed out: it opens without a network, with the list as the server last
// sent it. The list is deleted after a day, and once somebody else is signed in on this device (js/meals-kept.js).

const HOME = new URL("./", self.location).pathname;
const KEPT = "meals-handout";
const TIMEOUT = 4000; // ms, if the stored list can be shown instead
const LONGEST = 86_400_000; // ms
const KEPT_AT = "X-Kept-At";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Once it is loaded the page sends the list of its static files; others are deleted.
self.addEventListener("message", (event) => event.waitUntil(keepFiles(event.data).catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (pathname === HOME) event.respondWith(pageOf(request));
  else if (pathname.startsWith("/static/")) event.respondWith(fileOf(request));
});

async function keepFiles({ page, files }) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(files);
  for (const { url } of await cache.keys()) {
    if (new URL(url).pathname.startsWith("/static/") && !wanted.has(url)) await cache.delete(url);
    wanted.delete(url);
  }
  await Promise.all([...wanted].map((url) => cache.add(url)));
  await pageOf(new Request(page, { headers: { Accept: "text/html" } })); // the first one came without this worker
}

/** The page as it is opened, or fetched again by its script, which needs no stored one. */
async function pageOf(request) {
  const cache = await caches.open(KEPT);
  const found = request.mode === "navigate" ? await kept(cache, request.url) : undefined;
  try {
    const answer = await fetch(request, found ? { signal: AbortSignal.timeout(TIMEOUT) } : {});
    if (answer.status >= 500) return found ?? answer;
    // Signed out, or no longer a helper: the list is not theirs any more.
    if (!answer.ok || answer.redirected || answer.type === "opaqueredirect") await cache.delete(request.url);
    else if (!new URL(request.url).searchParams.has("q")) await keep(cache, request.url, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

async function keep(cache, url, answer) {
  const headers = new Headers(answer.headers);
  headers.delete("Content-Length");
  headers.set(KEPT_AT, String(Date.now()));
  await cache.put(url, new Response(await answer.text(), { headers }));
}

/** The stored list, or that of all floors, with the server's time moved on and a mark that it is old. */
async function kept(cache, url) {
  const found = (await cache.match(url)) ?? (await cache.match(HOME));
  if (!found) return undefined;
  const at = Number(found.headers.get(KEPT_AT));
  const passed = Date.now() - at;
  if (passed > LONGEST) return void (await caches.delete(KEPT));
  const text = (await found.text())
    .replace(/\sdata-now="(\d+)"/, (_, now) => ` data-now="${Number(now) + passed}"`)
    .replace(" data-meals-net ", ` data-meals-net="${at}" `);
  return new Response(text, { headers: found.headers });
}

async function fileOf(request) {
  const found = await (await caches.open(KEPT)).match(request);
  return found ?? fetch(request); // its name has a hash
}
