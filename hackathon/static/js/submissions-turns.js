// Who may send now: two transfers of a page at once, and one tab of the browser for each deliverable.

const MOST_AT_ONCE = 2; // more would share the same Wi-Fi, and all end later

const sending = new Set();
const queue = new Set();

/** Whether it may send now; otherwise its `attempt` is called when its turn has come. */
export function takesTurn(transfer) {
  if (!sending.has(transfer) && sending.size >= MOST_AT_ONCE) {
    queue.add(transfer);
    return false;
  }
  queue.delete(transfer);
  sending.add(transfer);
  return true;
}

/** Let the next one send. */
export function leavesTurn(transfer) {
  queue.delete(transfer);
  if (!sending.delete(transfer)) return;
  const [next] = queue;
  next?.attempt();
}

/**
 * Wait until no other tab of this browser has `key`; gives the function that lets go of it. `waiting` is
 * called if there is one. A tab that is closed lets go by itself.
 */
export function hold(key, waiting) {
  return new Promise((resolve) => {
    const held = (lock) => lock && new Promise((release) => resolve(release));
    if (!navigator.locks) {
      resolve(() => {}); // plain http: the server's own lock (423) remains
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
