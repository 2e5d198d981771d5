// Sheets whose criteria are all marked are finished together, from the list of teams: by one change for each, in the
// queue of the tablet, so the rules and conflicts are those of a single sheet.

import { one, write } from "./dom.js";
import * as sync from "./jury-sync.js";
import { toast } from "./toast.js";

/**
 * @typedef {object} Line of the list of teams, as it is shown
 * @property {number} id
 * @property {string} name
 * @property {number | null} total null while a mark is missing
 * @property {boolean} final
 * @property {string} skip
 * @property {boolean} isOpen a change of it waits for a choice of the juror, or the work has changed since a mark
 * @property {number} base the version of the sheet whose marks are shown
 */

/**
 * Only what the juror has nothing more to decide about.
 * @template {Line} T
 * @param {T[]} lines
 */
export const readyOf = (lines) => lines.filter(({ total, final, skip, isOpen }) => total !== null && !final && !skip && !isOpen);

/**
 * The button of one jury.
 * @param {HTMLElement} section
 * @param {Line[]} lines
 */
export function drawFinish(section, lines) {
  const button = /** @type {HTMLButtonElement | null} */ (section.querySelector("[data-finish-ready]"));
  if (!button) return;
  const ready = readyOf(lines);
  button.hidden = !ready.length;
  write(one("span", button), sync.translate(ready.length > 1 ? "finish_ready" : "finish_ready_one", { n: ready.length }));
  button.onclick = () => finish(ready);
}

/** @param {Line[]} ready */
async function finish(ready) {
  for (const { id, name, base } of ready) {
    await sync.keep({ team: id, kind: "finish", value: "", base, label: name });
  }
  const text = sync.translate(ready.length > 1 ? "finished_many" : "finished", { n: ready.length, team: ready[0].name });
  toast({ text, seconds: 5 });
}
