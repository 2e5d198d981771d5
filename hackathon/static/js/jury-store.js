// What a tablet of the jury stores in IndexedDB: each change until the server has it, the last known content of each
// sheet, and what former jurors could not send, sealed.

import { database } from "./database.js";

/** @typedef {import("./jury-changes.js").Change} Change */
const STORES = { meta: { keyPath: "key" }, changes: { keyPath: "n", autoIncrement: true }, sheets: { keyPath: "team" }, sealed: { keyPath: "id" } };
export const PAGES = "jury-pages";
export const FILES = "jury-deposits";
const FLAGS = "jury-flags"; // read by the service worker
const VACANT = "/jury/vacant";
const OWNER = "jury-owner"; // in localStorage: all pages of the site read it

// On plain http there is no service worker, no cache and no sealing; marks are stored and sent all the same.
export const isSecure = globalThis.isSecureContext;

export const uuid = () => (isSecure ? crypto.randomUUID()
  : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16)));

/**
 * One call at a time among all tabs.
 * @param {string} name
 * @param {() => Promise<unknown>} act
 */
export const alone = (name, act) => (isSecure ? navigator.locks.request(name, act) : act());

const { read, write } = database("jury", STORES, "strict");

// ---------------------------------------------------------------- changes

/** Store a change; resolves to its number, which is its place in the order. @param {Change} change */
export const addChange = (change) => exchange([], change);
/**
 * Store a change instead of those with these numbers. In one transaction: after a crash there are either the former ones
 * or the new one.
 * @param {(number | undefined)[]} numbers
 * @param {Change} change
 */
export const exchange = (numbers, change) => write("changes", (changes) => {
  const request = changes.add(change);
  for (const n of numbers) if (n !== undefined) changes.delete(n);
  return request;
});
/** @param {Change} change */
export const putChange = (change) => write("changes", (changes) => changes.put(change));
/** @param {number | undefined} n */
export const dropChange = (n) => write("changes", (changes) => changes.delete(/** @type {number} */ (n)));

/**
 * This person's changes of a queue that the server does not have, in order.
 * @param {number} user
 * @param {string} [queue]
 * @returns {Promise<Change[]>}
 */
export async function changesOf(user, queue = "jury") {
  const all = await read("changes", (changes) => changes.getAll());
  return all.filter((/** @type {Change} */ change) => change.user === user && (change.queue ?? "jury") === queue);
}

// ---------------------------------------------------------------- sheets

/** @param {number} team */
export const sheetOf = (team) => read("sheets", (sheets) => sheets.get(team));
/** @returns {Promise<any[]>} */
export const allSheets = () => read("sheets", (sheets) => sheets.getAll());

/**
 * The server has these values since this version of the sheet. In one transaction: answers and fetched sheets may come
 * at once. Resolves to the sheet as it is known then.
 * @param {number} team
 * @param {Record<string, string>} values by field
 * @param {number} version
 */
export async function learn(team, values, version) {
  let sheet = { team, fields: /** @type {Record<string, { value: string, version: number }>} */ ({}) };
  await write("sheets", (sheets) => {
    const request = sheets.get(team);
    request.onsuccess = () => {
      sheet = request.result ?? sheet;
      for (const [field, value] of Object.entries(values)) {
        if ((sheet.fields[field]?.version ?? -1) <= version) sheet.fields[field] = { value, version };
      }
      sheets.put(sheet);
    };
  });
  return sheet;
}

// ---------------------------------------------------------------- whose it is

export const ownerOf = () => read("meta", (meta) => meta.get("owner"));

/** @param {{ user: number, ticket: string, sealKey: string }} owner */
export async function setOwner(owner) {
  await write("meta", (meta) => meta.put({ key: "owner", ...owner }));
  localStorage.setItem(OWNER, String(owner.user));
}

/** @param {string} key @param {unknown} value */
export const note = (key, value) => write("meta", (meta) => meta.put({ key, value }));
/** @param {string} key */
export const noted = async (key) => (await read("meta", (meta) => meta.get(key)))?.value;

/** The name of this device, the same for all its jurors. */
export function device() {
  let name = localStorage.getItem("jury-device");
  if (!name) localStorage.setItem("jury-device", (name = uuid()));
  return name;
}

/**
 * Delete everything of this person; `seals` replace the changes with these numbers.
 * @param {object[]} seals
 * @param {(number | undefined)[]} numbers
 */
export async function wipe(seals, numbers) {
  await write(["sealed", "changes", "sheets", "meta"], (sealed, changes, sheets, meta) => {
    for (const seal of seals) sealed.put(seal);
    for (const n of numbers) if (n !== undefined) changes.delete(n);
    sheets.clear();
    meta.clear();
  });
  if (isSecure) await Promise.all([PAGES, FILES].map((name) => caches.delete(name)));
  localStorage.removeItem(OWNER);
  sessionStorage.clear();
}

// ---------------------------------------------------------------- sealed

/** @returns {Promise<any[]>} */
export const allSealed = () => read("sealed", (sealed) => sealed.getAll());
/** @param {string} id */
export const dropSealed = (id) => write("sealed", (sealed) => sealed.delete(id));

/** Until the former juror is signed out, the service worker redirects every page to the handover. @param {boolean} isVacant */
export async function setVacant(isVacant) {
  if (!isSecure) return;
  if (isVacant) localStorage.setItem("jury-vacant", "1");
  else localStorage.removeItem("jury-vacant");
  const flags = await caches.open(FLAGS);
  if (isVacant) await flags.put(VACANT, new Response("1"));
  else await flags.delete(VACANT);
}

export const isVacant = async () => isSecure && Boolean(await (await caches.open(FLAGS)).match(VACANT));
