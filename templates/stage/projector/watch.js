// Service worker of the projector: stores its page with the newest picture, and its static files, so that a page that is
// reloaded while the server is unreachable still shows its scene and its countdown. Nothing else of the site is stored,
// and nothing of a rehearsal: invented winners must not be shown later.

importScripts("{% static "offline/stored.js" %}");

const HOME = new URL("./", self.location).pathname; // the projector; below it there may be other pages
const KEPT = HOME;
const PATIENCE = 6000; // ms; a page that hangs is worse than one that is a minute old
const NOW = /\sdata-now="(\d+)"/; // the server's time on the page
const STAGE = /(<main id="content"[^>]*>)([^]*?)(<\/main>)/; // <main> contains the stage and nothing else
const FRAME = /^\s*<div [^>]*>/; // the stage's own tag, without the picture

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
  else if (isStatic(pathname)) event.respondWith(staticOf(request));
});

async function keepAll(page, files) {
  const cache = await caches.open(KEPT);
  await keepFiles(cache, files);
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
    await put(cache, url, answer, page, stage);
  });
}

// Store the page as it was loaded, with the stage that it shows now and that stage's time.
function keepStage(url, stage) {
  return inTurn(async () => {
    const cache = await caches.open(KEPT);
    const found = await cache.match(url);
    if (!found || !madeAt(stage) || isRehearsal(stage)) return;
    const page = (await found.text()).replace(NOW, ` data-now="${madeAt(stage)}"`);
    await put(cache, url, found, page, stage);
  });
}

const put = (cache, url, answer, page, stage) =>
  keep(cache, url, answer, page.replace(STAGE, (_, open, __, close) => open + stage + close));

async function pageOf(request) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  return answerOf(request, {
    instead: found && (async () => aged((await cache.match(request)) ?? found)), // a newer picture may have come meanwhile
    receive: (answer) => answer.ok && !answer.redirected && keepPage(cache, request.url, answer.clone()),
    ms: PATIENCE,
  });
}

const staticOf = async (request) => fileOf(await caches.open(KEPT), request);
