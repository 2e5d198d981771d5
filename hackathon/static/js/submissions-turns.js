// Limits on sending: two transfers of a page at once, and one tab of the browser for each deliverable.

/** @typedef {import("./submissions-transfer.js").Transfer} Transfer */
const LIMIT = 2; // more would share the same Wi-Fi, and all end later

/** @type {Set<Transfer>} */
const sending = new Set();
/** @type {Set<Transfer>} */
const queue = new Set();

/** Whether a transfer may send now; otherwise its `attempt` is called later. @param {Transfer} transfer */
export function takesTurn(transfer) {
  if (!sending.has(transfer) && sending.size >= LIMIT) {
    queue.add(transfer);
    return false;
  }
  queue.delete(transfer);
  sending.add(transfer);
  return true;
}

/** @param {Transfer} transfer */
export function leavesTurn(transfer) {
  queue.delete(transfer);
  if (!sending.delete(transfer)) return;
  const [next] = queue;
  next?.attempt();
}

/**
 * Wait until no other tab of this browser has the lock; resolves to the function that releases it. A closed tab
 * releases its locks.
 * @param {string} key
 * @param {() => void} waiting called if another tab has the lock
 * @returns {Promise<(value?: unknown) => void>}
 */
export function hold(key, waiting) {
  return new Promise((resolve) => {
    /** @param {Lock | null} lock */
    const held = (lock) => lock && new Promise((release) => resolve(release));
    if (!navigator.locks) {
      resolve(() => {}); // plain http: only the server's lock (423) remains
      return;
    }
    navigator.locks.request(key, { ifAvailable: true }, (lock) => {
      if (lock) return held(lock);
      waiting();
      navigator.locks.request(key, held);
      return undefined;
    });
  });
}
