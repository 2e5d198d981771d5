// What the jury's tablet keeps, in the browser's own database: every change from the moment it is made until the
// server has it, what was last known of each sheet, and what jurors before could not send, sealed.

const STORES = { meta: { keyPath: "key" }, changes: { keyPath: "n", autoIncrement: true }, sheets: { keyPath: "team" }, sealed: { keyPath: "id" } };
export const PAGES = "jury-pages";
export const FILES = "jury-deposits";
const FLAGS = "jury-flags"; // what the worker has to know
const VACANT = "/jury/vacant";
const OWNER = "jury-owner"; // whose this tablet is: also pages of the rest of the site look at it

// Plain http, as in a rehearsal: no worker, no cache, nothing sealed; marks are kept and sent all the same.
export const isSecure = globalThis.isSecureContext;

export const uuid = () => (isSecure ? crypto.randomUUID()
  : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16)));

/** One at a time, in whichever tab. */
export const alone = (name, act) => (isSecure ? navigator.locks.request(name, act) : act());

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("jury", 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) request.result.createObjectStore(name, options);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(names, mode, act) {
  const transaction = (await database()).transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
  return new Promise((resolve, reject) => {
    const request = act(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const read = (name, act) => within([name], "readonly", act);
const write = (name, act) => within([name], "readwrite", act);

// ---------------------------------------------------------------- changes

/** Keep a change; gives its number, which is its place in the order. */
export const addChange = (change) => write("changes", (changes) => changes.add(change));
export const putChange = (change) => write("changes", (changes) => changes.put(change));
export const dropChange = (n) => write("changes", (changes) => changes.delete(n));

/** This person's changes that the server does not have, in order. */
export async function changesOf(user) {
  const all = await read("changes", (changes) => changes.getAll());
  return all.filter((change) => change.user === user);
}

// ---------------------------------------------------------------- sheets

export const sheetOf = (team) => read("sheets", (sheets) => sheets.get(team));
export const allSheets = () => read("sheets", (sheets) => sheets.getAll());
export const putSheet = (sheet) => write("sheets", (sheets) => sheets.put(sheet));

/** The server has this value of a field since this version of the sheet. */
export async function learn(team, field, value, version) {
  const sheet = (await sheetOf(team)) ?? { team, fields: {} };
  const known = sheet.fields[field];
  if (!known || known.version <= version) sheet.fields[field] = { value, version };
  await putSheet(sheet);
}

// ---------------------------------------------------------------- whose it is

export const ownerOf = () => read("meta", (meta) => meta.get("owner"));

export async function setOwner(owner) {
  await write("meta", (meta) => meta.put({ key: "owner", ...owner }));
  localStorage.setItem(OWNER, String(owner.user));
}

export const note = (key, value) => write("meta", (meta) => meta.put({ key, value }));
export const noted = async (key) => (await read("meta", (meta) => meta.get(key)))?.value;

/** The name of this device, the same for all its jurors. */
export function device() {
  let name = localStorage.getItem("jury-device");
  if (!name) localStorage.setItem("jury-device", (name = uuid()));
  return name;
}

/** Nothing of this person stays but what is sealed; `seals` replace the changes with these numbers. */
export async function wipe(seals, numbers) {
  await within(["sealed", "changes", "sheets", "meta"], "readwrite", (sealed, changes, sheets, meta) => {
    for (const seal of seals) sealed.put(seal);
    for (const n of numbers) changes.delete(n);
    sheets.clear();
    meta.clear();
  });
  if (isSecure) await Promise.all([PAGES, FILES].map((name) => caches.delete(name)));
  localStorage.removeItem(OWNER);
  sessionStorage.clear();
}

// ---------------------------------------------------------------- sealed

export const allSealed = () => read("sealed", (sealed) => sealed.getAll());
export const dropSealed = (id) => write("sealed", (sealed) => sealed.delete(id));

/** Nobody's: until somebody has signed out, the worker leads every page to the change of hands. */
export async function setVacant(isVacant) {
  if (!isSecure) return;
  if (isVacant) localStorage.setItem("jury-vacant", "1");
  else localStorage.removeItem("jury-vacant");
  const flags = await caches.open(FLAGS);
  if (isVacant) await flags.put(VACANT, new Response("1"));
  else await flags.delete(VACANT);
}

export const isVacant = async () => isSecure && Boolean(await (await caches.open(FLAGS)).match(VACANT));
