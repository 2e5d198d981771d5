// What a tablet has changed and the server does not have yet: sheets, and « visits » (skipped teams, flags, pauses, the
// own order). Nothing here reads or writes storage.

/**
 * @typedef {object} Change
 * @property {number} [n] its number in the queue
 * @property {string} [key] unique, for the server to recognise it
 * @property {number} [user]
 * @property {string} [queue] without one: of the jury
 * @property {number} [person] whom it is about, in queues of extras
 * @property {number} team 0 for what is about the whole jury
 * @property {number} [department] then
 * @property {string} kind mark, comment, notes, finish, reopen, those of remarks; skip, flag, pause, jury_pause, order
 * @property {number | null} [criterion]
 * @property {string} value
 * @property {number} base version of the sheet that it was made on
 * @property {string} [label] for messages
 * @property {string} [words] the value, for messages
 * @property {string} [given_at] ISO 8601
 * @property {unknown} [seen] submissions that the juror saw
 * @property {string} [state] refused, conflict; none while it waits to be sent
 * @property {string} [code]
 * @property {string} [message]
 * @property {{ value: string, at: string }} [theirs] the server's value in a conflict
 * @property {number} [version] of the sheet on the server
 */

const VISITS = ["skip", "flag", "pause", "jury_pause", "order"];

/** @param {{ kind: string }} change */
export const isVisit = ({ kind }) => VISITS.includes(kind);

/**
 * The field that a change is about: mark-3, comment, notes, state, skip, pause-7.
 * @param {{ kind: string, criterion?: number | null, department?: number, key?: string }} change
 */
export function fieldOf({ kind, criterion, department, key }) {
  if (criterion) return `${kind}-${criterion}`;
  if (kind === "flag") return `flag-${key}`; // each is a note of its own
  if (kind === "order") return `order-${department}`;
  if (kind === "pause" || kind === "jury_pause") return `pause-${department}`;
  return kind === "finish" || kind === "reopen" ? "state" : kind;
}

/** The value of that field after the change. @param {{ kind: string, value: string }} change */
export function valueOf({ kind, value }) {
  if (kind === "finish") return "final";
  return kind === "reopen" ? "draft" : value;
}

/** Those to be sent. @param {Change[]} changes */
export const waiting = (changes) => changes.filter(({ state }) => !state);

/** @param {Change} one @param {Change} other */
const isSameField = (one, other) => one.team === other.team && fieldOf(one) === fieldOf(other);

/** Refused changes that a new change of the same field replaces. @param {Change[]} all @param {Change} made */
export const replacedBy = (all, made) => all.filter((old) => old.state === "refused" && isSameField(old, made));

/**
 * Older changes that were not accepted either: the newest is the one that the juror wants.
 * @param {Change[]} all
 * @param {Change} change
 */
export const outdatedBy = (all, change) =>
  all.filter((old) => (old.n ?? 0) < (change.n ?? 0) && old.state && isSameField(old, change));

/** What is sent of a change. @param {Change} change */
export function sentOf(change) {
  const sent = { ...change };
  delete sent.n;
  delete sent.user;
  delete sent.queue;
  delete sent.state;
  delete sent.label;
  delete sent.words;
  return sent;
}

/** Why a response brings no answers; "" if it does. @param {{ type: string, status: number, ok: boolean }} response */
export function troubleOf({ type, status, ok }) {
  if (type === "opaqueredirect" || status === 401 || status === 403) return "expired";
  if (status === 409 || status === 404) return "somebody_else";
  return ok ? "" : "offline";
}

/** Whether the server has the change, from now on or already. @param {{ state: string }} answer */
export const isSettled = ({ state }) => state === "accepted" || state === "already";

const RETRY = [2, 4, 8, 15, 30]; // seconds

/** Milliseconds until the next attempt. @param {number} failures @param {number} random 0 to 1 */
export const retryAfter = (failures, random) =>
  RETRY[Math.min(failures, RETRY.length - 1)] * 1000 * (0.75 + random / 2);
