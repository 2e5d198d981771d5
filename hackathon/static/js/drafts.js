// What was typed but not sent, kept on this device for this person, in fields with [data-draft="KEY"]. It comes back after
// a reload, a new sign-in or a power failure. `draft:sent` with the key removes it: the server has received it.

import { around, write } from "./dom.js";
import * as disk from "./drafts-disk.js";
import { timeOf, translate } from "./translations.js";

const KEPT_MS = 7 * 24 * 3600 * 1000;
const PREFIX = "draft:";
const user = document.body.dataset.user ?? "";

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */
/** @type {Set<Field>} fields that could not be stored */
const unkept = new Set();
/** @type {WeakMap<Field, string>} drafts that were removed by their button, until something is typed */
const removed = new WeakMap();

/** @param {Field} field */
const nameOf = (field) => `${PREFIX}${user}:${field.dataset.draft}`;

/** @returns {Field[]} */
const fields = () => [...document.querySelectorAll("[data-draft]")].filter(isField);

/** @param {unknown} element @returns {element is Field} */
function isField(element) {
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement;
}

/** @param {string} name @returns {{ text: string, at: number } | null} */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {(name: string) => boolean} matches */
function remove(matches) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(PREFIX) || !matches(name)) continue;
      localStorage.removeItem(name);
      disk.put(name, { text: null, at: Date.now() }).catch(() => {});
    }
  } catch {
    // Nothing was stored.
  }
}

/** The note appears once the draft is on the disk. @param {Field} field */
function keep(field) {
  unkept.delete(field);
  const isChanged = field.value !== field.defaultValue;
  if (isChanged) removed.delete(field);
  const draft = { text: isChanged ? field.value : null, at: Date.now() };
  try {
    if (isChanged) localStorage.setItem(nameOf(field), JSON.stringify(draft));
    else localStorage.removeItem(nameOf(field));
  } catch {
    unkept.add(field);
  }
  disk.put(nameOf(field), draft).catch(() => {}).then(() => showNote(field));
}

/** Put the draft into a field that holds what the server sent. @param {Field} field */
function restore(field) {
  const draft = read(nameOf(field));
  if (draft && field.value === field.defaultValue && draft.text !== field.value) {
    field.value = draft.text;
    const folded = field.closest("details");
    if (folded instanceof HTMLDetailsElement) folded.open = true;
  }
  showNote(field);
}

/** Show below the field that its draft is stored, with a button that removes it and restores it. @param {Field} field */
function showNote(field) {
  const place = field.closest(".control") ?? field;
  const draft = field.value === field.defaultValue ? null : read(nameOf(field));
  let note = place.parentElement?.querySelector(":scope > .draft-note");
  const former = removed.get(field);
  if (!draft && !unkept.has(field) && former === undefined) {
    note?.remove();
    return;
  }
  if (!note) {
    note = document.createElement("p");
    note.className = "draft-note small";
    const forget = document.createElement("button");
    forget.type = "button";
    forget.className = "button is-small is-quiet";
    forget.addEventListener("click", () => {
      const text = removed.get(field);
      if (text === undefined) removed.set(field, field.value);
      field.value = text ?? field.defaultValue;
      keep(field);
      field.focus();
    });
    note.append(document.createElement("span"), forget);
    place.after(note);
  }
  const [text, button] = [...note.children];
  const isRemoved = !draft && former !== undefined;
  const label = draft ? translate("draft_kept", { time: timeOf(draft.at) }) : translate("draft_unkept");
  write(text, isRemoved ? translate("draft_removed") : label);
  write(button, translate(isRemoved ? "draft_restore" : "draft_forget"));
}

/** The server has received the drafts with this key, or with a key that begins with it. @param {string} key */
function sent(key) {
  const first = `${PREFIX}${user}:${key}`;
  remove((name) => name === first || name.startsWith(`${first}-`));
  for (const field of fields()) {
    const own = field.dataset.draft ?? "";
    if (own !== key && !own.startsWith(`${key}-`)) continue;
    field.defaultValue = field.value;
    unkept.delete(field);
    showNote(field);
  }
}

/** The server holds the field's content already: there is no draft. @param {Field} field */
export function settle(field) {
  if (read(nameOf(field))?.text === field.defaultValue) remove((name) => name === nameOf(field));
}

/** @param {string} key */
export const wasSent = (key) => document.body.dispatchEvent(new CustomEvent("draft:sent", { detail: { value: key } }));

export function start() {
  const since = Date.now() - KEPT_MS;
  remove((name) => !((read(name)?.at ?? 0) > since));
  if (!user) return;
  for (const element of document.querySelectorAll("[data-draft-sent]")) sent(element.dataset.draftSent ?? "");
  document.body.addEventListener("draft:sent", (event) => sent(/** @type {CustomEvent} */ (event).detail.value));
  document.addEventListener("input", (event) => {
    const field = around(event, "[data-draft]");
    if (isField(field)) keep(field);
  });
  for (const type of ["live:refetched", "htmx:afterSettle"]) {
    document.body.addEventListener(type, () => fields().forEach(restore));
  }
  fields().forEach(restore);
  disk.recover(since).catch(() => {}).then(() => fields().forEach(restore));
  window.addEventListener("beforeunload", (event) => {
    for (const field of unkept) if (field.isConnected && field.value !== field.defaultValue) event.preventDefault();
  });
}
