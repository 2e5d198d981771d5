// A database of IndexedDB, opened when it is first used.

/**
 * @param {string} name
 * @param {Record<string, IDBObjectStoreParameters>} stores made on a device that has no such database yet. Devices keep those
 * that they have: another set of stores needs another version, and an upgrade.
 * @param {IDBTransactionDurability} durability of writes; "strict": on the disk once they resolve, also after a power failure
 */
export function database(name, stores, durability) {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;

  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const [store, options] of Object.entries(stores)) request.result.createObjectStore(store, options);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  /**
   * Resolves once the transaction is complete, to the result of the request that `act` returns; rejects without a database,
   * or if the disk or the quota is full.
   * @param {IDBTransactionMode} mode
   * @param {string | string[]} names of stores
   * @param {(...stores: IDBObjectStore[]) => IDBRequest | void} act
   * @returns {Promise<any>}
   */
  async function within(mode, names, act) {
    opened ??= open();
    const transaction = (await opened).transaction(names, mode, { durability });
    return new Promise((resolve, reject) => {
      const request = act(...[names].flat().map((each) => transaction.objectStore(each)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    /** @param {string | string[]} names @param {(...stores: IDBObjectStore[]) => IDBRequest} act */
    read: (names, act) => within("readonly", names, act),
    /** @param {string | string[]} names @param {(...stores: IDBObjectStore[]) => IDBRequest | void} act */
    write: (names, act) => within("readwrite", names, act),
  };
}
