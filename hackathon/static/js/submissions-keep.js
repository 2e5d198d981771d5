// What a transfer needs to go on after a reload, a crash or a closed tab: what is known of it, and the file
// itself, in the browser's own database. Where that cannot be had everything else works all the same.

const STORES = ["transfers", "files"];
const KEPT_MS = 24 * 3600 * 1000; // as long as the server keeps what has arrived

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("deposits", 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(names, mode, act) {
  const transaction = (await database()).transaction(names, mode);
  return new Promise((resolve, reject) => {
    const request = act(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error); // the disk or the quota is full
  });
}

/** Whether it could be written down. */
async function put(store, value) {
  try {
    await within([store], "readwrite", (transaction) => transaction.objectStore(store).put(value));
    return true;
  } catch {
    return false;
  }
}

/** Write down what is known of a transfer; `record.key` says which. */
export const keepRecord = (record) => put("transfers", record);

/** Copy the file, which may take a while; false where there is no room for it. */
export const keepFile = ({ key, attempt }, file) => put("files", { key, attempt, file });

/** What is known of a transfer, or undefined. */
export async function recordOf(key) {
  try {
    return await within(["transfers"], "readonly", (t) => t.objectStore("transfers").get(key));
  } catch {
    return undefined;
  }
}

/** The file of a transfer, or undefined; never that of another attempt. */
export async function fileOf({ key, attempt }) {
  try {
    const kept = await within(["files"], "readonly", (t) => t.objectStore("files").get(key));
    return kept?.attempt === attempt && (await isReadable(kept.file)) ? kept.file : undefined;
  } catch {
    return undefined;
  }
}

/** A file may be changed, moved or unplugged after it was chosen. */
export async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Nothing is left of it. */
export async function forget(key) {
  try {
    await within(STORES, "readwrite", (transaction) => {
      for (const name of STORES) transaction.objectStore(name).delete(key);
    });
  } catch {
    // Nothing was kept, then.
  }
}

/**
 * What this browser has of a team's transfers. Files of other teams do not stay on a machine that people
 * share; what is too old for the server goes.
 */
export async function recordsOf(team) {
  try {
    const all = await within(["transfers"], "readonly", (t) => t.objectStore("transfers").getAll());
    const mine = [];
    for (const record of all) {
      if (Date.now() - record.keptAt > KEPT_MS) await forget(record.key);
      else if (record.team === team) mine.push(record);
      else await within(["files"], "readwrite", (t) => t.objectStore("files").delete(record.key));
    }
    return mine;
  } catch {
    return [];
  }
}
