// Sending what the tablet keeps: in order, in small batches, again and again until the server has it. One tab at a
// time sends; what the server says of each change is written down before anybody is told.

import { serverNow } from "./clock.js";
import * as store from "./jury-store.js";
import { cancel, later } from "./ticker.js";

const block = document.getElementById("jury");
export const jury = block ? JSON.parse(block.textContent) : null;

const RETRY = [2, 4, 8, 15, 30]; // seconds
const BATCH = 50;
const channel = new BroadcastChannel("jury");
const listeners = new Set();

let failures = 0;
let timer = 0;
let trouble = ""; // offline, expired, somebody_else

/** `told(trouble)` is called when something that is kept has changed, in this tab or another. */
export const onNews = (told) => listeners.add(told);

export function tell(elsewhere = true) {
  for (const told of listeners) told(trouble);
  if (elsewhere) channel.postMessage("news");
}

channel.addEventListener("message", () => tell(false));

/** A word of the jury's pages with its blanks filled in. */
export const word = (name, values = {}) => (jury.words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

export const csrf = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

export function post(url, body) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "HX-Request": "true" },
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  });
}

let kept = Promise.resolve();

/** Keep a change, then send it. Comes back once it is kept; one after the other, as the finger was. */
export function keep(fields) {
  kept = kept.catch(() => {}).then(() => keepNow(fields));
  return kept;
}

async function keepNow(fields) {
  const made = {
    key: store.uuid(), user: jury.user, device: store.device(), given_at: new Date(serverNow()).toISOString(), ...fields,
  };
  // A newer word on the same field takes the place of one that was refused.
  for (const old of await store.changesOf(jury.user)) {
    if (old.state === "refused" && fieldOf(old) === fieldOf(made) && old.team === made.team) await store.dropChange(old.n);
  }
  await store.addChange(made);
  tell();
  send();
}

/** The field that a change is about: `mark-3`, `comment`, `notes`, `state`. */
export function fieldOf({ kind, criterion }) {
  if (kind === "mark") return `mark-${criterion}`;
  return kind === "finish" || kind === "reopen" ? "state" : kind;
}

/** What waits to be sent. */
export const waiting = (changes) => changes.filter(({ state }) => !state);

/** Send all there is. Resolves when there is nothing left, or when it does not go.
 *  Where the browser says that there is no network, nothing is sent as well: only the server knows. */
export function send() {
  cancel(timer);
  return store.alone("jury-sync", async () => {
    for (let heard = navigator.onLine; ; heard = true) {
      const batch = waiting(await store.changesOf(jury.user)).slice(0, BATCH);
      if (!batch.length && heard) break;
      const said = await outcome(batch).catch(() => "offline");
      if (typeof said === "string") {
        failed(said);
        return;
      }
      for (const [index, answer] of said.entries()) await settle(batch[index], answer);
      worked();
    }
    worked();
  });
}

async function outcome(batch) {
  const changes = batch.map(({ n, user, state, label, ...sent }) => sent);
  const answer = await post(jury.urls.synchronise, { for: jury.user, changes });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "expired";
  if (answer.status === 409 || answer.status === 404) return "somebody_else";
  if (!answer.ok) return "offline";
  return (await answer.json()).answers;
}

async function settle(change, answer) {
  const field = fieldOf(change);
  if (answer.state === "accepted" || answer.state === "already") {
    const value = { finish: "final", reopen: "draft" }[change.kind] ?? change.value;
    await store.learn(change.team, field, value, answer.version);
    await store.dropChange(change.n);
    return;
  }
  for (const old of await store.changesOf(jury.user)) {
    // Of several that do not go in for the same reason the last one says what the juror wants.
    if (old.n < change.n && old.state && old.team === change.team && fieldOf(old) === field) await store.dropChange(old.n);
  }
  await store.putChange({ ...change, ...answer, key: change.key });
}

function worked() {
  failures = 0;
  trouble = "";
  tell();
}

function failed(why) {
  trouble = why;
  const seconds = RETRY[Math.min(failures, RETRY.length - 1)];
  failures += 1;
  timer = later(send, seconds * 1000 * (0.75 + Math.random() / 2));
  tell();
}

/** The juror decides: `mine` again, on what the server has now, or what it has. */
export async function decide(change, mine) {
  const { team, kind, criterion, value, seen, label, theirs, version } = change;
  await store.learn(team, fieldOf(change), theirs.value, version);
  await store.dropChange(change.n);
  if (mine) await keep({ team, kind, criterion, value, seen, label, base: version });
  tell();
}

/** Try again what was refused, or forget it. */
export async function again({ state, code, message, ...sent }) {
  await store.putChange(sent);
  await send();
}

export async function forget({ n }) {
  await store.dropChange(n);
  tell();
}

/** What jurors before could not send goes out with whoever has the tablet now. */
export async function carry(url) {
  const sealed = await store.allSealed();
  if (!sealed.length) return;
  try {
    const answer = await post(url, { sealed: sealed.slice(0, 20) });
    if (!answer.ok) return;
    for (const { id, state, changes } of (await answer.json()).answers) {
      if (state === "returned") {
        for (const [sent, said] of changes) await store.addChange({ ...sent, user: jury.user, ...said, key: sent.key });
      }
      if (state === "written" || state === "returned") await store.dropSealed(id);
    }
    if (jury) tell();
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
