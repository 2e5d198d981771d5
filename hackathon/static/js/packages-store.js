// Where packages wait on this computer: the browser's Cache, in parts, so that a fetch that was cut goes on
// where it stopped. Nothing that is kept here can be read without the key, which is never kept.

const CACHE = "brief-packages";
export const PART = 4 << 20;

const partUrl = ({ url }, number) => `${url}?part=${number}`;
const countOf = ({ size }) => Math.ceil(size / PART);

/** Which parts of a package are here. */
async function partsOf(cache, piece) {
  const here = new Set((await cache.keys()).map(({ url }) => url));
  const numbers = [...Array(countOf(piece)).keys()];
  return numbers.filter((number) => here.has(new URL(partUrl(piece, number), location.href).href));
}

/** How many bytes of a package are here; its size when all of it is. */
export async function heldOf(piece) {
  const parts = await partsOf(await caches.open(CACHE), piece);
  return parts.reduce((sum, number) => sum + Math.min(PART, piece.size - number * PART), 0);
}

/** Fetch what is missing. `onProgress(bytes)` is told what is here. One tab at a time does it. */
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

async function fetchPart(piece, number) {
  const [start, end] = [number * PART, Math.min(piece.size, (number + 1) * PART)];
  const answer = await fetch(piece.url, {
    headers: { Range: `bytes=${start}-${end - 1}`, "If-Range": piece.etag },
    cache: "no-store", // it is kept here: twice would be twice the room
  });
  const bytes = answer.status === 206 ? await answer.arrayBuffer() : null;
  if (bytes?.byteLength !== end - start) throw new Error(`part ${number}: ${answer.status}`);
  return new Response(bytes);
}

/** A function that reads bytes of a package that is here, for `unlock`. */
export async function reader(piece) {
  const cache = await caches.open(CACHE);
  let held = { number: -1, blob: null };
  const part = async (number) => {
    if (held.number !== number) {
      const found = await cache.match(partUrl(piece, number));
      if (!found) throw new Error(`part ${number} is gone`);
      held = { number, blob: await found.blob() };
    }
    return held.blob;
  };
  return async (start, end) => {
    const pieces = [];
    for (let number = Math.floor(start / PART); number * PART < end; number += 1) {
      const offset = number * PART;
      pieces.push((await part(number)).slice(Math.max(0, start - offset), end - offset));
    }
    return new Blob(pieces).arrayBuffer();
  };
}

/** Forget every package but these: former versions, other people's departments, an edition that is over. */
export async function keepOnly(pieces) {
  const kept = pieces.map(({ url }) => new URL(url, location.href).pathname);
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!kept.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}

/** Forget one, which does not open. */
export async function remove(piece) {
  const cache = await caches.open(CACHE);
  for (let number = 0; number < countOf(piece); number += 1) await cache.delete(partUrl(piece, number));
}
