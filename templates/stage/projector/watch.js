// Service worker of the projector: stores its page with the newest picture, and its static files, so that a page that is
// reloaded while the server is unreachable still shows its scene and its countdown. Nothing else of the site is stored,
// and nothing of a rehearsal: invented winners must not be shown later.

const HOME = new URL("./", self.location).pathname; // the projector; below it there may be other pages
const KEPT = HOME;
const TIMEOUT = 6000; // ms; a page that hangs is worse than one that is a minute old
const KEPT_AT = "X-Kept-At";
const NOW = /\sdata-now="(\d+)"/; // the server's time on the page
const STAGE = /(<main id="content"[^>]*>)([^]*?)(<\/main>)/; // <main> contains the stage and nothing else
const FRAME = /^\s*<div [^>]*>/; // the stage's own tag, without the picture

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Once it is loaded the page sends the list of its files; others are deleted. Then it sends each new picture.
self.addEventListener("message", (event) => {
  const { page, files, stage } = event.data;
  event.waitUntil(stage ? keepStage(page, stage) : keepAll(page, files).catch(() => {})); // the next page sends it again
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

// The stored page is made of two answers: change it in one task at a time. If that fails, the next picture does it.
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work).catch(() => {}));

const madeAt = (stage) => Number(/\sdata-made="(\d+)"/.exec(stage)?.[1] ?? 0);
const REHEARSAL = /\sdata-rehearsal/;
const isRehearsal = (stage) => REHEARSAL.test(FRAME.exec(stage)?.[0] ?? "");

function keepPage(cache, url, answer) {
  return inTurn(async () => {
    const page = await answer.text();
    const before = STAGE.exec((await (await cache.match(url))?.text()) ?? "")?.[2] ?? "";
    let stage = STAGE.exec(page)?.[2] ?? "";
    if (isRehearsal(stage)) stage = before || `${FRAME.exec(stage)[0].replace(REHEARSAL, "")}</div>`;
    else if (madeAt(before) > madeAt(stage)) stage = before;
    await put(cache, url, answer.headers, page, stage);
  });
}

// Store the page as it was loaded, with the stage that it shows now and that stage's time.
function keepStage(url, stage) {
  return inTurn(async () => {
    const cache = await caches.open(KEPT);
    const found = await cache.match(url);
    if (!found || !madeAt(stage) || isRehearsal(stage)) return;
    const page = (await found.text()).replace(NOW, ` data-now="${madeAt(stage)}"`);
    await put(cache, url, found.headers, page, stage);
  });
}

async function put(cache, url, from, page, stage) {
  const headers = new Headers(from);
  headers.delete("Content-Length");
  headers.set(KEPT_AT, String(Date.now()));
  const body = page.replace(STAGE, (_, open, __, close) => open + stage + close);
  await cache.put(url, new Response(body, { headers }));
}

async function pageOf(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(TIMEOUT) });
    if (answer.ok && !answer.redirected) await keepPage(cache, request.url, answer.clone());
    if (answer.status < 500) return answer;
    return (await kept(cache, request)) ?? answer;
  } catch (error) {
    const found = await kept(cache, request);
    if (found) return found;
    throw error;
  }
}

// Moves the server's time on, by as much as this computer's clock has moved since.
async function kept(cache, request) {
  const found = await cache.match(request);
  if (!found) return undefined;
  const passed = Date.now() - Number(found.headers.get(KEPT_AT));
  const text = await found.text();
  const body = text.replace(NOW, (_, now) => ` data-now="${Number(now) + passed}"`);
  return new Response(body, { headers: found.headers });
}

async function fileOf(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(TIMEOUT) });
    if (answer.status < 500) return answer;
    return (await cache.match(request)) ?? answer;
  } catch (error) {
    const found = await cache.match(request);
    if (found) return found;
    throw error;
  }
}
