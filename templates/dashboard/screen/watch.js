// Keeps the projector's last page and its files, so that a page which is loaded again while the server is away
// still shows its scene and its countdown. Nothing else of the site passes through here.

const HOME = new URL("./", self.location).pathname; // the projector; below it there may be other pages
const KEPT = HOME;
const PATIENCE = 6000; // ms; a projector that hangs is worse than one that is a minute old
const KEPT_AT = "X-Kept-At";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says what it is made of once it stands; what it is no longer made of is let go.
self.addEventListener("message", ({ data: { page, files } }) => {
  keepAll(page, files).catch(() => {}); // the next page says it again
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate" && pathname === HOME) event.respondWith(pageOf(request));
  else if (pathname.startsWith("/static/")) event.respondWith(fileOf(request));
});

async function keepAll(page, files) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(files);
  for (const { url } of await cache.keys()) {
    const isPage = !new URL(url).pathname.startsWith("/static/");
    if (!isPage && !wanted.has(url)) await cache.delete(url);
    wanted.delete(url);
  }
  await Promise.all([...wanted].map((url) => cache.add(url)));
  const answer = await fetch(page);
  if (answer.ok && !answer.redirected) await keepPage(cache, page, answer);
}

async function keepPage(cache, url, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  await cache.put(url, new Response(await answer.blob(), { headers }));
}

async function pageOf(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await keepPage(cache, request.url, answer.clone());
    if (answer.status < 500) return answer;
    return (await kept(cache, request)) ?? answer;
  } catch (error) {
    const found = await kept(cache, request);
    if (found) return found;
    throw error;
  }
}

// The server's time goes on while nobody asks it: by as much as this computer's clock has, whatever that shows.
async function kept(cache, request) {
  const found = await cache.match(request);
  if (!found) return undefined;
  const passed = Date.now() - Number(found.headers.get(KEPT_AT));
  const text = await found.text();
  const body = text.replace(/ data-now="(\d+)"/, (_, now) => ` data-now="${Number(now) + passed}"`);
  return new Response(body, { headers: found.headers });
}

async function fileOf(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status < 500) return answer;
    return (await cache.match(request)) ?? answer;
  } catch (error) {
    const found = await cache.match(request);
    if (found) return found;
    throw error;
  }
}
