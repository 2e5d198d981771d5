// Drafts on the disk. localStorage keeps them over a reload, but the browser writes it to the disk some seconds later. A
// transaction of IndexedDB is on the disk once it is complete, so that it survives a power failure.

/** @typedef {{ text: string | null, at: number }} Draft `text` is null if it was removed */

const STORE = "drafts";
/** @type {Promise<IDBDatabase> | undefined} */
let opened;
/** @type {Set<string>} names that this page has written: what `recover` still reads of them is older */
const changed = new Set();

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** @param {(drafts: IDBObjectStore) => void} act */
async function written(act) {
  const transaction = (await database()).transaction(STORE, "readwrite", { durability: "strict" });
  act(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

/** @param {string} name @param {Draft} draft */
export function put(name, draft) {
  changed.add(name);
  return written((drafts) => drafts.put(draft, name));
}

/** Put into localStorage what is newer here. Drafts from before `since` are deleted. @param {number} since */
export const recover = (since) => written((drafts) => {
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
