// Changes made on this device: stored at once, sent in order and in small batches until the server has them. One tab at a
// time sends; each answer is stored before the pages are updated. Of the jury's sheets, and of extras.

import { serverNow } from "./clock.js";
import { csrfToken } from "./csrf.js";
import { retryAfter, sentOf, troubleOf, waiting } from "./jury-changes.js";
import * as store from "./jury-store.js";
import { cancel, later } from "./ticker.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const BATCH = 50;

/** @param {string} url @param {object} body */
export function post(url, body) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  });
}

/**
 * @param {object} options
 * @param {string} options.name of the queue
 * @param {number} options.user whose changes they are
 * @param {string} options.url which receives them
 * @param {(all: Change[], made: any) => Change[]} options.replaced those that a new change replaces
 * @param {(change: Change, answer: any) => Promise<void>} options.settle stores an answer
 */
export function changeQueue({ name, user, url, replaced, settle }) {
  const channel = new BroadcastChannel(name);
  /** @type {Set<(trouble: string) => void>} */
  const listeners = new Set();
  let failures = 0;
  let timer = 0;
  let trouble = ""; // offline, expired, somebody_else
  let lastStored = Promise.resolve();

  /** This person's changes that the server does not have, in order. */
  const unsent = () => store.changesOf(user, name);

  function notify(elsewhere = true) {
    for (const listener of listeners) listener(trouble);
    if (elsewhere) channel.postMessage("news");
  }

  channel.addEventListener("message", () => notify(false));

  /** Store a change, then send it. Resolves once it is stored; changes are stored in the order of the calls. @param {any} fields */
  function keep(fields) {
    lastStored = lastStored.catch(() => {}).then(() => keepNow(fields));
    return lastStored;
  }

  /** Changes that are made before `ready` resolves are stored then, in order. @param {Promise<void>} ready */
  function keepAfter(ready) {
    lastStored = lastStored.then(() => ready);
  }

  /** @param {any} fields */
  async function keepNow(fields) {
    const made = {
      key: store.uuid(), user, queue: name, device: store.device(), given_at: new Date(serverNow()).toISOString(), ...fields,
    };
    await store.exchange(replaced(await unsent(), made).map(({ n }) => n), made);
    notify();
    send();
  }

  /**
   * Send all changes. Resolves when there are none left, or when it failed. Without a network, as the browser reports it,
   * an empty batch is sent too: only an answer of the server proves a connection.
   */
  function send() {
    cancel(timer);
    return store.alone(`${name}-sync`, async () => {
      for (let isOnline = navigator.onLine; ; isOnline = true) {
        const batch = waiting(await unsent()).slice(0, BATCH);
        if (!batch.length && isOnline) break;
        const answers = await answersTo(batch).catch(() => "offline");
        if (typeof answers === "string") {
          failed(answers);
          return;
        }
        for (const [index, answer] of answers.entries()) await settle(batch[index], answer);
        worked();
      }
      worked();
    });
  }

  /** The server's answer to each change, or why there are none. @param {Change[]} batch @returns {Promise<string | any[]>} */
  async function answersTo(batch) {
    const response = await post(url, { for: user, changes: batch.map(sentOf) });
    return troubleOf(response) || (await response.json()).answers;
  }

  function worked() {
    failures = 0;
    trouble = "";
    notify();
  }

  /** @param {string} why */
  function failed(why) {
    trouble = why;
    timer = later(send, retryAfter(failures, Math.random()));
    failures += 1;
    notify();
  }

  function start() {
    window.addEventListener("online", send);
    window.addEventListener("offline", send);
    document.addEventListener("visibilitychange", () => document.hidden || send());
    document.body.addEventListener("live:ready", send);
    send();
  }

  return {
    unsent,
    notify,
    keep,
    keepAfter,
    send,
    start,
    /** Call a function when stored changes have changed, in this tab or another. @param {(trouble: string) => void} listener */
    onNews: (listener) => listeners.add(listener),
  };
}
