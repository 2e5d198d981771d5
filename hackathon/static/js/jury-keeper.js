// The owner of a tablet. When somebody else signs in, nothing of the former juror can be read on it: unsent changes are
// sealed, the rest is deleted. Every page of the site checks this, at the cost of reading localStorage.

import { around } from "./dom.js";

const OWNER = "jury-owner";
const LEAVING = "jury-leaving"; // signed out on purpose: the next page deletes
const VACANT = "jury-vacant";
const BATCH = 150; // changes in a seal

const LOCK = "jury-keeper";

/** @param {typeof import("./jury-store.js")} store */
async function leaveNow(store) {
  const owner = await store.ownerOf();
  if (!owner) return;
  const { seal } = await import("./jury-seal.js");
  // Where the browser cannot seal, they stay hidden until their juror is back.
  const changes = store.isSecure ? await store.changesOf(owner.user) : [];
  const seals = [];
  for (let at = 0; at < changes.length; at += BATCH) {
    const part = changes.slice(at, at + BATCH).map((change) => {
      const sealed = { ...change };
      delete sealed.n;
      delete sealed.user;
      return sealed;
    });
    seals.push(await seal({ ticket: owner.ticket, changes: part }, owner.sealKey));
  }
  await store.wipe(seals, changes.map(({ n }) => n));
}

/** Seal unsent changes and delete everything else, if the tablet has an owner. */
export async function leave() {
  const store = await import("./jury-store.js");
  await store.alone(LOCK, () => leaveNow(store));
}

/** Make this juror the owner, on a page of the jury. @param {{ user: number, ticket: string, sealKey: string }} owner */
export async function claim(owner) {
  const store = await import("./jury-store.js");
  await store.alone(LOCK, async () => {
    const before = await store.ownerOf();
    if (before && before.user !== owner.user) await leaveNow(store);
    localStorage.removeItem(LEAVING);
    await store.setOwner(owner);
  });
}

/** Check the owner, on any page of the site. @param {string} user "" if nobody is signed in */
async function keep(user) {
  if (!user && localStorage.getItem(VACANT)) await (await import("./jury-store.js")).setVacant(false);
  const owner = localStorage.getItem(OWNER);
  // A session that expired does not change the owner: unsent changes wait until the juror signs in again.
  if (!owner || owner === user || (!user && !localStorage.getItem(LEAVING))) return;
  const store = await import("./jury-store.js");
  await store.alone(LOCK, async () => {
    const now = await store.ownerOf();
    if (now && String(now.user) !== user) await leaveNow(store);
  });
  localStorage.removeItem(LEAVING);
}

export function start() {
  const { user } = document.body.dataset;
  if (user === undefined) return; // a cached page of the service worker has no user
  try {
    keep(user).catch((error) => console.warn("jury", error));
    document.addEventListener("submit", (event) => {
      if (around(event, "form[action$='/deconnexion/']")) localStorage.setItem(LEAVING, "1");
    });
  } catch {
    // Without storage nothing was kept.
  }
}
