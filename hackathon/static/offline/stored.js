// What the service workers of the jury's tablet, of the projector and of extras share (importScripts): answers
// that are stored in a cache, to be shown while the server cannot be reached. Which ones, and for whom, each worker decides.

const worker = /** @type {any} */ (self);
const KEPT_AT = "X-Kept-At"; // header of a stored page: when, by this device's clock
const HASHED = /\.[0-9a-f]{12}\.\w+$|^\/apparence\//;
const TIMEOUT = 4000; // ms, if a stored answer can be shown instead

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

/**
 * Store a page with the instant.
 * @param {Cache} cache
 * @param {RequestInfo} key
 * @param {Response} answer
 * @param {string} [text] of the page, if it is not that of the answer
 */
async function keep(cache, key, answer, text) {
  const headers = new Headers(answer.headers);
  headers.delete("Content-Length");
  headers.set(KEPT_AT, String(Date.now()));
  await cache.put(key, new Response(text ?? await answer.text(), { headers }));
}

/** When a page was stored, in epoch ms. @param {Response} stored */
const keptAt = (stored) => Number(stored.headers.get(KEPT_AT)) || Date.now();

/**
 * A stored page, with the server's time moved on by as much as this device's clock has moved since.
 * @param {Response} stored
 * @param {(text: string) => string} [change] of its HTML
 */
async function aged(stored, change = (text) => text) {
  const passed = Date.now() - keptAt(stored);
  const text = (await stored.text()).replace(/\sdata-now="(\d+)"/, (_, now) => ` data-now="${Number(now) + passed}"`);
  return new Response(change(text), { headers: stored.headers });
}

/**
 * The server's answer; if there is none, or only an error of the server, `instead`.
 * @param {Request} request
 * @param {object} options
 * @param {(() => Response | Promise<Response>) | false} [options.instead]
 * @param {(answer: Response) => unknown} [options.receive] may store a clone of each answer
 * @param {number} [options.ms] to wait for it, where there is something else to show
 */
async function answerOf(request, { instead, receive, ms = TIMEOUT }) {
  let answer;
  try {
    answer = await fetch(request, instead ? { signal: AbortSignal.timeout(ms) } : {});
    await receive?.(answer); // reads it to its end, which the network may not bring
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError"; // only storing it has failed
    if (!isFull && instead) return instead();
    if (!isFull || !answer) throw error;
  }
  return answer.status >= 500 && instead ? instead() : answer;
}

/** Also the colours and the logo of an edition, whose addresses say their content. @param {string} pathname */
const isStatic = (pathname) => /^\/(static|apparence)\//.test(pathname);

/**
 * A static file: one with a hash in its name never changes.
 * @param {Cache} cache
 * @param {Request} request
 * @param {(answer: Response) => unknown} [receive]
 */
async function fileOf(cache, request, receive) {
  const stored = await cache.match(request, { ignoreVary: true });
  if (stored && HASHED.test(new URL(request.url).pathname)) return stored;
  return answerOf(request, { instead: stored && (() => stored), receive });
}

/**
 * Store the static files of a page; others, which a former version of it used, are deleted.
 * @param {Cache} cache
 * @param {string[]} files addresses
 */
async function keepFiles(cache, files) {
  const wanted = new Set(files);
  for (const { url } of await cache.keys()) {
    if (isStatic(new URL(url).pathname) && !wanted.has(url)) await cache.delete(url);
    wanted.delete(url);
  }
  await Promise.all([...wanted].map((url) => cache.add(url)));
}
