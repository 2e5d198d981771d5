// Service worker of the jury's tablet: pages, static files, and submissions that were fetched in advance. All of it belongs
// to one juror; the pages delete it when somebody else signs in (js/jury-keeper.js).

const PAGES = "jury-pages";
const FILES = "jury-deposits";
const STATIC = "jury-static";
const FLAGS = "jury-flags";
const VACANT = "/jury/vacant";
const HANDOVER = "{% url "judging:handover" %}";
const BADGE = "{% url "judging:badge" %}";
const SHELL = "{{ shell|escapejs }}";
const EMPTIED = "{{ emptied|escapejs }}"; // the same after a handover; its script goes on by itself
const LIST = "{% url "judging:index" %}";
const SHEET = /^\/jury\/[^/]+\/equipes\/\d+\/$/;
const DEPOSIT = /^\/jury\/depots\/\d+\/(contenu|apercu|copie)\/$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const TIMEOUT = 4000; // ms, if a stored answer can be shown instead

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(fileOf(request));
  else if (DEPOSIT.test(pathname)) event.respondWith(depositOf(request));
  else if (request.headers.has("HX-Request")) event.respondWith(partOf(request));
  else if (request.mode === "navigate" || SHEET.test(pathname) || pathname === LIST) event.respondWith(pageOf(request, pathname));
});

// ---------------------------------------------------------------- pages

async function pageOf(request, pathname) {
  const isKept = SHEET.test(pathname) || pathname === LIST;
  const vacant = await isVacant();
  const isOpen = pathname === HANDOVER || pathname === BADGE; // for the next juror
  if (vacant && !isOpen) return Response.redirect(HANDOVER, 302);
  const cache = await caches.open(PAGES);
  const found = isKept || pathname === HANDOVER ? await cache.match(pathname, { ignoreVary: true }) : undefined;
  try {
    const patient = (found || vacant) && request.mode === "navigate";
    const answer = await fetch(request, patient ? { signal: AbortSignal.timeout(TIMEOUT) } : {});
    if (isKept && answer.ok && !answer.redirected && isWhole(request)) await keep(cache, pathname, answer.clone());
    if (answer.status >= 500 && found) return await aged(found);
    if (answer.status >= 500 && vacant) return shellOf(EMPTIED);
    return answer;
  } catch (error) {
    if (request.mode !== "navigate") throw error; // the page's script handles it
    if (found) return await aged(found);
    return shellOf(vacant ? EMPTIED : SHELL);
  }
}

const shellOf = (text) => new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });

/** Without a query: the unfiltered list, or a sheet with its first deliverable. */
const isWhole = ({ url }) => new URL(url).search === "";

async function keep(cache, url, answer) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  await cache.put(url, new Response(await answer.blob(), { headers }));
}

/** A stored page, with the server's time moved on. */
async function aged(found) {
  const keptAt = Number(found.headers.get("X-Kept-At")) || Date.now();
  const text = await found.text();
  const body = text.replace(/\sdata-now="(\d+)"/, (_, now) => ` data-now="${Number(now) + Date.now() - keptAt}"`);
  return new Response(body, { headers: found.headers });
}

async function isVacant() {
  return Boolean(await (await caches.open(FLAGS)).match(VACANT));
}

/** A part that htmx fetches: another deliverable of the team. */
async function partOf(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await (await caches.open(PAGES)).match(`${request.url}&piece=work`, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
}

// ---------------------------------------------------------------- files

async function fileOf(request) {
  const cache = await caches.open(STATIC);
  const found = await cache.match(request, { ignoreVary: true });
  if (found && HASHED.test(new URL(request.url).pathname)) return found;
  try {
    const answer = await fetch(request, found ? { signal: AbortSignal.timeout(TIMEOUT) } : {});
    if (answer.ok && answer.status === 200) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

/** A submission that was fetched in advance; others come from the server and are not stored. */
async function depositOf(request) {
  const url = new URL(request.url);
  const found = url.search ? undefined : await (await caches.open(FILES)).match(url.href, { ignoreVary: true });
  if (!found || (await isVacant())) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range) return found;
  const whole = await found.blob();
  const start = Number(range[1]);
  const end = range[2] ? Math.min(Number(range[2]), whole.size - 1) : whole.size - 1;
  const headers = new Headers(found.headers);
  headers.set("Content-Range", `bytes ${start}-${end}/${whole.size}`);
  headers.set("Content-Length", String(end - start + 1));
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}
