// The tablet's changes of score sheets: a queue of `change-queue.js`, and what a juror decides about those that were not
// accepted.

import { changeQueue, post } from "./change-queue.js";
import { fieldOf, isSettled, outdatedBy, replacedBy, valueOf } from "./jury-changes.js";
import * as store from "./jury-store.js";
import { filled } from "./translations.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const block = document.getElementById("jury");
/** @type {any} the data of a jury page; null on others */
export const jury = block ? JSON.parse(block.textContent) : null;

export const { keep, keepAfter, notify, onNews, send, start } = changeQueue({
  name: "jury", user: jury?.user, url: jury?.urls.synchronise, replaced: replacedBy, settle,
});

/**
 * A text of the jury's pages with its placeholders filled in.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export const translate = (name, values) => filled(jury.translations[name], values);

/** @param {Change} change @param {any} answer */
async function settle(change, answer) {
  if (isSettled(answer)) {
    if (change.kind !== "flag") await store.learn(change.team, { [fieldOf(change)]: valueOf(change) }, answer.version);
    await store.dropChange(change.n);
    return;
  }
  for (const { n } of outdatedBy(await store.changesOf(jury.user), change)) await store.dropChange(n);
  await store.putChange({ ...change, ...answer, key: change.key });
}

/** The juror decides a conflict: send the own value again, or take the server's. @param {Change} change @param {boolean} mine */
export async function decide(change, mine) {
  const { team, kind, criterion, value, seen, label, theirs, version } = change;
  await store.learn(team, { [fieldOf(change)]: theirs?.value ?? "" }, version ?? 0);
  if (mine) await keep({ team, kind, criterion, value, seen, label, base: version ?? 0 });
  await store.dropChange(change.n); // last: until then the own value is nowhere else
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
