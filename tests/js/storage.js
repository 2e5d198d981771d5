// Storage of a browser that the DOM of page.js and Node lack: caches of answers, and locks among tabs.

class Cache {
  /** @type {Map<string, Response>} */
  #answers = new Map();

  #key = (request) => new URL(request.url ?? request, "https://ccd.example.org").href;
  match = async (request) => this.#answers.get(this.#key(request))?.clone();
  put = async (request, answer) => void this.#answers.set(this.#key(request), answer);
  add = async (request) => this.put(request, await fetch(request));
  delete = async (request) => this.#answers.delete(this.#key(request));
  keys = async () => [...this.#answers.keys()].map((url) => ({ url }));
}

export class Caches {
  /** @type {Map<string, Cache>} */
  #caches = new Map();

  async open(name) {
    if (!this.#caches.has(name)) this.#caches.set(name, new Cache());
    return this.#caches.get(name);
  }

  delete = async (name) => this.#caches.delete(name);
}

/** One after the other, as for a single tab. */
export class Locks {
  /** @type {Map<string, Promise<unknown>>} */
  #last = new Map();
  /** @type {string[]} */
  #held = [];

  /** @param {string} name @param {object | ((lock: object) => unknown)} options @param {(lock: object) => unknown} [given] */
  request(name, options, given) {
    const act = () => (given ?? options)({});
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(act);
    this.#last.set(name, turn.catch(() => {}));
    this.#held.push(name);
    turn.catch(() => {}).finally(() => this.#held.splice(this.#held.indexOf(name), 1));
    return turn;
  }

  query = async () => ({ held: this.#held.map((name) => ({ name })) });
}
