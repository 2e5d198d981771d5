// Packages on this computer, in the browser's Cache. They are stored in parts, so that an interrupted fetch goes on where
// it stopped. They cannot be read without the key, which is never stored.

/** @typedef {{ id: string, url: string, etag: string, size: number }} Stored what is stored of any package */

const CACHE = "brief-packages";
export const PART = 4 << 20;

/** @param {{ url: string }} piece @param {number} number */
const partUrl = ({ url }, number) => `${url}?part=${number}`;
/** @param {{ size: number }} piece */
const countOf = ({ size }) => Math.ceil(size / PART);

/** The numbers of the stored parts. @param {Cache} cache @param {Stored} piece */
async function partsOf(cache, piece) {
  const here = new Set((await cache.keys()).map(({ url }) => url));
  const numbers = [...Array(countOf(piece)).keys()];
  return numbers.filter((number) => here.has(new URL(partUrl(piece, number), location.href).href));
}

/** How many bytes of a package are stored. @param {Stored} piece */
export async function heldOf(piece) {
  const parts = await partsOf(await caches.open(CACHE), piece);
  return parts.reduce((sum, number) => sum + Math.min(PART, piece.size - number * PART), 0);
}

/** Fetch the missing parts, in one tab at a time. @param {Stored} piece @param {(held: number) => void} onProgress bytes */
export function fetchWhole(piece, onProgress) {
  return navigator.locks.request(`package-${piece.id}`, async () => {
    const cache = await caches.open(CACHE);
    const here = new Set(await partsOf(cache, piece));
    for (let number = 0; number < countOf(piece); number += 1) {
      if (!here.has(number)) await cache.put(partUrl(piece, number), await fetchPart(piece, number));
      onProgress(Math.min(piece.size, (number + 1) * PART));
    }
  });
}

/** @param {Stored} piece @param {number} number */
async function fetchPart(piece, number) {
  const [start, end] = [number * PART, Math.min(piece.size, (number + 1) * PART)];
  const answer = await fetch(piece.url, {
    headers: { Range: `bytes=${start}-${end - 1}`, "If-Range": piece.etag },
    cache: "no-store", // not stored a second time
  });
  const bytes = answer.status === 206 ? await answer.arrayBuffer() : null;
  if (bytes?.byteLength !== end - start) throw new Error(`part ${number}: ${answer.status}`);
  return new Response(bytes);
}

/** A function that reads bytes of a stored package, for `unlock`. @param {Stored} piece */
export async function reader(piece) {
  const cache = await caches.open(CACHE);
  let held = { number: -1, blob: new Blob() };
  /** @param {number} number */
  const part = async (number) => {
    if (held.number !== number) {
      const answer = await cache.match(partUrl(piece, number));
      if (!answer) throw new Error(`part ${number} is gone`);
      held = { number, blob: await answer.blob() };
    }
    return held.blob;
  };
  return async (/** @type {number} */ start, /** @type {number} */ end) => {
    const pieces = [];
    for (let number = Math.floor(start / PART); number * PART < end; number += 1) {
      const offset = number * PART;
      pieces.push((await part(number)).slice(Math.max(0, start - offset), end - offset));
    }
    return new Blob(pieces).arrayBuffer();
  };
}

/**
 * Delete all packages but these: former versions, other departments, former editions.
 * @param {{ url: string }[]} pieces
 * @param {string} folder of their addresses
 */
export async function keepOnly(pieces, folder) {
  const paths = pieces.map(({ url }) => new URL(url, location.href).pathname);
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(folder) && !paths.includes(pathname)) await cache.delete(request);
  }
}

/** @param {Stored} piece */
export async function remove(piece) {
  const cache = await caches.open(CACHE);
  for (let number = 0; number < countOf(piece); number += 1) await cache.delete(partUrl(piece, number));
}
