// Stores in IndexedDB what a transfer needs to go on after a reload, a crash or a closed tab: its record, and the file.
// Without IndexedDB everything else works.

/**
 * @typedef {object} TransferRecord
 * @property {string} key team and deliverable
 * @property {string} team
 * @property {string} deliverable
 * @property {string} attempt unique
 * @property {string} name of the file
 * @property {number} size
 * @property {number} lastModified
 * @property {string} type
 * @property {string} [url] once the server has opened the upload
 * @property {number} [begunAt] server time, epoch ms
 * @property {number} [keptAt] epoch ms
 * @property {boolean} [paused]
 * @property {boolean} [cancelled] to be forgotten
 */

const STORES = ["transfers", "files"];
const KEPT_MS = 24 * 3600 * 1000; // as long as the server keeps partial uploads

/** @type {Promise<IDBDatabase> | undefined} */
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

/**
 * @param {string[]} names of stores
 * @param {IDBTransactionMode} mode
 * @param {(transaction: IDBTransaction) => IDBRequest | void} act
 * @returns {Promise<any>}
 */
async function within(names, mode, act) {
  const transaction = (await database()).transaction(names, mode);
  return new Promise((resolve, reject) => {
    const request = act(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error); // the disk or the quota is full
  });
}

/** Whether it could be stored. @param {string} store @param {object} value */
async function put(store, value) {
  try {
    await within([store], "readwrite", (transaction) => transaction.objectStore(store).put(value));
    return true;
  } catch {
    return false;
  }
}

/** @param {TransferRecord} record */
export const keepRecord = (record) => put("transfers", record);

/** Copy the file, which may take a while; resolves to false if there is no space. @param {TransferRecord} record @param {File} file */
export const keepFile = ({ key, attempt }, file) => put("files", { key, attempt, file });

/** Of a transfer that was not cancelled. @param {string} key @returns {Promise<TransferRecord | undefined>} */
export async function recordOf(key) {
  try {
    const record = await within(["transfers"], "readonly", (t) => t.objectStore("transfers").get(key));
    return record?.cancelled ? undefined : record;
  } catch {
    return undefined;
  }
}

/** The stored file of a transfer, but not of another attempt. @param {TransferRecord} record @returns {Promise<File | undefined>} */
export async function fileOf({ key, attempt }) {
  try {
    const kept = await within(["files"], "readonly", (t) => t.objectStore("files").get(key));
    return kept?.attempt === attempt && (await isReadable(kept.file)) ? kept.file : undefined;
  } catch {
    return undefined;
  }
}

/** A file may be changed, moved or unplugged after it was chosen. @param {File} file */
export async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Delete the record and the file. @param {string} key */
export async function forget(key) {
  try {
    await within(STORES, "readwrite", (transaction) => {
      for (const name of STORES) transaction.objectStore(name).delete(key);
    });
  } catch {
    // Nothing was stored.
  }
}

/**
 * The stored transfers of a team. Deletes files of other teams, since people share machines, and transfers that were
 * cancelled or are too old for the server.
 * @param {string | undefined} team
 * @returns {Promise<TransferRecord[]>}
 */
export async function recordsOf(team) {
  try {
    const all = await within(["transfers"], "readonly", (t) => t.objectStore("transfers").getAll());
    const mine = [];
    for (const record of all) {
      if (record.cancelled || Date.now() - record.keptAt > KEPT_MS) await forget(record.key);
      else if (record.team === team) mine.push(record);
      else await within(["files"], "readwrite", (t) => t.objectStore("files").delete(record.key));
    }
    return mine;
  } catch {
    return [];
  }
}
