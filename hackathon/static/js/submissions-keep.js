// Stores in IndexedDB what a transfer needs to go on after a reload, a crash or a closed tab: its record, and the file.
// Without IndexedDB everything else works.

import { database } from "./database.js";

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
const { read, write } = database("deposits", { transfers: { keyPath: "key" }, files: { keyPath: "key" } }, "default");

/** Whether it could be stored. @param {string} store @param {object} value */
async function put(store, value) {
  try {
    await write(store, (values) => values.put(value));
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
    const record = await read("transfers", (transfers) => transfers.get(key));
    return record?.cancelled ? undefined : record;
  } catch {
    return undefined;
  }
}

/** The stored file of a transfer, but not of another attempt. @param {TransferRecord} record @returns {Promise<File | undefined>} */
export async function fileOf({ key, attempt }) {
  try {
    const stored = await read("files", (files) => files.get(key));
    return stored?.attempt === attempt && (await isReadable(stored.file)) ? stored.file : undefined;
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
    await write(STORES, (...stores) => {
      for (const store of stores) store.delete(key);
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
    const all = await read("transfers", (transfers) => transfers.getAll());
    const mine = [];
    for (const record of all) {
      if (record.cancelled || Date.now() - record.keptAt > KEPT_MS) await forget(record.key);
      else if (record.team === team) mine.push(record);
      else await write("files", (files) => files.delete(record.key));
    }
    return mine;
  } catch {
    return [];
  }
}
