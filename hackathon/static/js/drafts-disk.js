// Drafts on the disk. localStorage keeps them over a reload, but the browser writes it to the disk some seconds later. A
// transaction of IndexedDB is on the disk once it is complete, so that it survives a power failure.

import { database } from "./database.js";

/** @typedef {{ text: string | null, at: number }} Draft `text` is null if it was removed */

const { write } = database("drafts", { drafts: {} }, "strict");
/** @type {Set<string>} names that this page has written: what `recover` still reads of them is older */
const changed = new Set();

/** @param {string} name @param {Draft} draft */
export function put(name, draft) {
  changed.add(name);
  return write("drafts", (drafts) => drafts.put(draft, name));
}

/** Put into localStorage what is newer here. Drafts from before `since` are deleted. @param {number} since */
export const recover = (since) => write("drafts", (drafts) => {
  const request = drafts.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    const { key, value } = cursor;
    const here = JSON.parse(localStorage.getItem(String(key)) ?? "null");
    if (value.at < since) cursor.delete();
    else if (value.at > (here?.at ?? 0) && !changed.has(String(key))) {
      if (value.text === null) localStorage.removeItem(String(key));
      else localStorage.setItem(String(key), JSON.stringify(value));
    }
    cursor.continue();
  };
});
