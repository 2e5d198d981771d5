// Whose tablet this is. When somebody else has it, nothing of the person before can be read on it: what they could
// not send is sealed, the rest is wiped. Every page of the site looks, at the cost of a look into localStorage.

const OWNER = "jury-owner";
const LEAVING = "jury-leaving"; // signed out on purpose: the next page wipes
const VACANT = "jury-vacant";
const BATCH = 150; // changes in a seal

const LOCK = "jury-keeper";

async function leaveNow(store) {
  const owner = await store.ownerOf();
  if (!owner) return;
  const { seal } = await import("./jury-seal.js");
  // Where the browser cannot seal they wait, shown to nobody, until their juror is back.
  const changes = store.isSecure ? await store.changesOf(owner.user) : [];
  const seals = [];
  for (let at = 0; at < changes.length; at += BATCH) {
    const part = changes.slice(at, at + BATCH).map(({ n, user, ...sent }) => sent);
    seals.push(await seal({ ticket: owner.ticket, changes: part }, owner.sealKey));
  }
  await store.wipe(seals, changes.map(({ n }) => n));
}

/** Seal what was not sent, forget everything else. Without an owner there is nothing to do. */
export async function leave() {
  const store = await import("./jury-store.js");
  await store.alone(LOCK, () => leaveNow(store));
}

/** A jury's page: the tablet is this juror's from now on. `owner`: user, ticket, sealKey. */
export async function claim(owner) {
  const store = await import("./jury-store.js");
  await store.alone(LOCK, async () => {
    const before = await store.ownerOf();
    if (before && before.user !== owner.user) await leaveNow(store);
    localStorage.removeItem(LEAVING);
    await store.setOwner(owner);
  });
}

/** Any page of the site; it is `user`'s ("": nobody's). */
async function keep(user) {
  if (!user && localStorage.getItem(VACANT)) await (await import("./jury-store.js")).setVacant(false);
  const owner = localStorage.getItem(OWNER);
  // A session that ended is no change of hands: its marks wait for the person who comes back.
  if (!owner || owner === user || (!user && !localStorage.getItem(LEAVING))) return;
  const store = await import("./jury-store.js");
  await store.alone(LOCK, async () => {
    const now = await store.ownerOf();
    if (now && String(now.user) !== user) await leaveNow(store);
  });
  localStorage.removeItem(LEAVING);
}

export function start() {
  try {
    keep(document.body.dataset.user ?? "").catch((error) => console.warn("jury", error));
    document.addEventListener("submit", ({ target }) => {
      if (target.matches?.("form[action$='/deconnexion/']")) localStorage.setItem(LEAVING, "1");
    });
  } catch {
    // No storage: nothing was kept.
  }
}
