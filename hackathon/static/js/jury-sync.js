// Sends the tablet's changes in order and in small batches until the server has them. One tab at a time sends; each
// answer is stored before the pages are updated.

import { serverNow } from "./clock.js";
import { csrfToken } from "./csrf.js";
import {
  fieldOf, isSettled, outdatedBy, replacedBy, retryAfter, sentOf, troubleOf, valueOf, waiting,
} from "./jury-changes.js";
import * as store from "./jury-store.js";
import { cancel, later } from "./ticker.js";
import { filled } from "./translations.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const block = document.getElementById("jury");
/** @type {any} the data of a jury page; null on others */
export const jury = block ? JSON.parse(block.textContent) : null;

const BATCH = 50;
const channel = new BroadcastChannel("jury");
/** @type {Set<(trouble: string) => void>} */
const listeners = new Set();

let failures = 0;
let timer = 0;
let trouble = ""; // offline, expired, somebody_else

/** Call a function when stored changes have changed, in this tab or another. @param {(trouble: string) => void} listener */
export const onNews = (listener) => listeners.add(listener);

export function notify(elsewhere = true) {
  for (const listener of listeners) listener(trouble);
  if (elsewhere) channel.postMessage("news");
}

channel.addEventListener("message", () => notify(false));

/**
 * A text of the jury's pages with its placeholders filled in.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export const translate = (name, values) => filled(jury.translations[name], values);

/** @param {string} url @param {object} body */
function post(url, body) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  });
}

let kept = Promise.resolve();

/** Store a change, then send it. Resolves once it is stored; changes are stored in the order of the calls. @param {Change} fields */
export function keep(fields) {
  kept = kept.catch(() => {}).then(() => keepNow(fields));
  return kept;
}

/** @param {Change} fields */
async function keepNow(fields) {
  const made = {
    key: store.uuid(), user: jury.user, device: store.device(), given_at: new Date(serverNow()).toISOString(), ...fields,
  };
  for (const { n } of replacedBy(await store.changesOf(jury.user), made)) await store.dropChange(n);
  await store.addChange(made);
  notify();
  send();
}

/**
 * Send all changes. Resolves when there are none left, or when it failed. Without a network, as the browser reports it,
 * an empty batch is sent too: only an answer of the server proves a connection.
 */
export function send() {
  cancel(timer);
  return store.alone("jury-sync", async () => {
    for (let isOnline = navigator.onLine; ; isOnline = true) {
      const batch = waiting(await store.changesOf(jury.user)).slice(0, BATCH);
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
  const response = await post(jury.urls.synchronise, { for: jury.user, changes: batch.map(sentOf) });
  return troubleOf(response) || (await response.json()).answers;
}

/** @param {Change} change @param {any} answer */
async function settle(change, answer) {
  if (isSettled(answer)) {
    await store.learn(change.team, fieldOf(change), valueOf(change), answer.version);
    await store.dropChange(change.n);
    return;
  }
  for (const { n } of outdatedBy(await store.changesOf(jury.user), change)) await store.dropChange(n);
  await store.putChange({ ...change, ...answer, key: change.key });
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

/** The juror decides a conflict: send the own value again, or take the server's. @param {Change} change @param {boolean} mine */
export async function decide(change, mine) {
  const { team, kind, criterion, value, seen, label, theirs, version } = change;
  await store.learn(team, fieldOf(change), theirs?.value ?? "", version ?? 0);
  await store.dropChange(change.n);
  if (mine) await keep({ team, kind, criterion, value, seen, label, base: version ?? 0 });
  notify();
}

/** Send a refused change again. @param {Change} change */
export async function again(change) {
  const waitingAgain = { ...change };
  delete waitingAgain.state;
  delete waitingAgain.code;
  delete waitingAgain.message;
  await store.putChange(waitingAgain);
  await send();
}

/** @param {Change} change */
export async function forget({ n }) {
  await store.dropChange(n);
  notify();
}

/** Send what former jurors of this tablet could not send, sealed. @param {string} url */
export async function sendSealed(url) {
  const sealed = await store.allSealed();
  if (!sealed.length) return;
  try {
    const answer = await post(url, { sealed: sealed.slice(0, 20) });
    if (!answer.ok) return;
    for (const { id, state, changes } of (await answer.json()).answers) {
      if (state === "returned") {
        for (const [sent, answer] of changes) await store.addChange({ ...sent, user: jury.user, ...answer, key: sent.key });
      }
      if (state === "written" || state === "returned") await store.dropSealed(id);
    }
    if (jury) notify();
  } catch {
    // No network: the next page tries again.
  }
}

export function start() {
  window.addEventListener("online", send);
  window.addEventListener("offline", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  document.body.addEventListener("live:ready", send);
  send();
}
