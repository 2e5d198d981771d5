// Decks on the computer of a projector, in the browser's Cache, so that they are shown while the network is cut. A projector
// fetches all that may be shown, one after the other, and says how many it has.

import { post } from "#site/post.js";
import { isMuted } from "#site/screen-sound.js";
import { later } from "#site/ticker.js";

/** @typedef {{ id: number, size: number }} Deck size: in bytes */

const CACHE = "decks";
const REFRESH = 60; // seconds; until the last minute teams may hand in another version
const SPREAD = 5; // seconds

/** A file that is shown, out of the store if it is there. @param {string} address */
export async function fileOf(address) {
  const cache = await opened();
  const stored = await cache?.match(address);
  const answer = stored ?? (await fetch(address));
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.blob();
}

/** Null on plain http and in old browsers: then each deck is fetched when it is shown. */
const opened = async () => (window.caches ? caches.open(CACHE) : null);

/** @param {Cache} cache @param {string[]} addresses */
async function removeOthers(cache, addresses) {
  const wanted = new Set(addresses.map((address) => new URL(address, location.href).href));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

/** @param {Cache} cache @param {string} address @param {number} size */
async function store(cache, address, size) {
  if (await cache.match(address)) return true;
  const answer = await fetch(address, { cache: "no-store" }); // not stored a second time
  const file = answer.ok ? await answer.blob() : null;
  if (file?.size !== size) return false;
  await cache.put(address, new Response(file));
  return true;
}

/**
 * @param {string} listUrl of the projector's decks
 * @param {() => Promise<unknown>} prepare what shows them
 */
export function start(listUrl, prepare) {
  /** @type {{ stored: string, wanted: string } | null} */
  let known = null;
  const say = () => known && post(listUrl, new URLSearchParams({ ...known, is_muted: isMuted() ? "on" : "" }));
  async function refresh() {
    try {
      const cache = await opened();
      const answer = await fetch(listUrl, { cache: "no-store" });
      if (cache && answer.ok && !answer.redirected) {
        /** @type {{ decks: Deck[] }} */
        const { decks } = await answer.json();
        await removeOthers(cache, decks.map(({ id }) => `${listUrl}${id}/`));
        if (decks.length) await prepare();
        let stored = 0;
        for (const { id, size } of decks) {
          if (await store(cache, `${listUrl}${id}/`, size).catch(() => false)) stored += 1;
        }
        document.body.dataset.decks = String(stored);
        known = { stored: String(stored), wanted: String(decks.length) };
        await say();
      }
    } catch {
      // Tried again below.
    }
    later(refresh, (REFRESH + Math.random() * SPREAD) * 1000);
  }
  document.body.addEventListener("screen:sound", say);
  refresh();
}
