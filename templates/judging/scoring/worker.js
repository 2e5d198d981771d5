// Service worker of the jury's tablet: pages, static files, and submissions that were fetched in advance. All of it belongs
// to one juror; the pages delete it when somebody else signs in (js/jury-keeper.js).

importScripts("{% static "offline/stored.js" %}");

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
const COMPARED = /^\/jury\/[^/]+\/comparer\/$/;
const DEPOSIT = /^\/jury\/depots\/\d+\/(contenu|apercu|copie)\/$/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (isStatic(pathname)) event.respondWith(staticOf(request));
  else if (DEPOSIT.test(pathname)) event.respondWith(depositOf(request));
  else if (request.headers.has("HX-Request")) event.respondWith(partOf(request));
  else if (request.mode === "navigate" || isKept(pathname)) event.respondWith(pageOf(request, pathname));
});

// ---------------------------------------------------------------- pages

const isKept = (pathname) => SHEET.test(pathname) || COMPARED.test(pathname) || pathname === LIST;

async function pageOf(request, pathname) {
  const isNavigation = request.mode === "navigate";
  const vacant = await isVacant();
  const isOpen = pathname === HANDOVER || pathname === BADGE; // for the next juror
  if (vacant && !isOpen) return Response.redirect(HANDOVER, 302);
  const cache = await caches.open(PAGES);
  const stored = isKept(pathname) || pathname === HANDOVER ? await cache.match(pathname, { ignoreVary: true }) : undefined;
  const instead = stored ? () => aged(stored, withoutOffer) : vacant && (() => shellOf(EMPTIED));
  const isStored = ({ ok, redirected }) => isKept(pathname) && ok && !redirected && isWhole(request);
  try {
    return await answerOf(request, {
      instead: isNavigation && instead, // otherwise the page's script handles it
      receive: (answer) => isStored(answer) && keep(cache, pathname, answer.clone()),
    });
  } catch (error) {
    if (!isNavigation) throw error;
    return shellOf(SHELL);
  }
}

/** Another juror may have accepted by now, and only the server knows. @param {string} text */
const withoutOffer = (text) => text.replaceAll(" data-offer ", ` data-offer="stored" hidden `);

const shellOf = (text) => new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });

/** Without a query: the unfiltered list, or a sheet with its first deliverable. The comparison has all sheets in any case. */
const isWhole = ({ url }) => new URL(url).search === "";

async function isVacant() {
  return Boolean(await (await caches.open(FLAGS)).match(VACANT));
}

/** A part that htmx fetches: another deliverable of the team. */
async function partOf(request) {
  const stored = await (await caches.open(PAGES)).match(`${request.url}&piece=work`, { ignoreVary: true });
  return answerOf(request, { instead: stored && (() => stored) });
}

// ---------------------------------------------------------------- files

async function staticOf(request) {
  const cache = await caches.open(STATIC);
  return fileOf(cache, request, (answer) => answer.status === 200 && cache.put(request, answer.clone()));
}

/** A submission that was fetched in advance; others come from the server and are not stored. */
async function depositOf(request) {
  const url = new URL(request.url);
  const stored = url.search ? undefined : await (await caches.open(FILES)).match(url.href, { ignoreVary: true });
  if (!stored || (await isVacant())) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range) return stored;
  const whole = await stored.blob();
  const start = Number(range[1]);
  const end = range[2] ? Math.min(Number(range[2]), whole.size - 1) : whole.size - 1;
  const headers = new Headers(stored.headers);
  headers.set("Content-Range", `bytes ${start}-${end}/${whole.size}`);
  headers.set("Content-Length", String(end - start + 1));
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}
