// What a juror does beside marking: put a team off, tell the organizers something, make a pause. All of it goes through
// the queue of changes, so it works without a network.

import { serverNow } from "./clock.js";
import { one, write } from "./dom.js";
import { nextOf } from "./jury-next.js";
import * as store from "./jury-store.js";
import * as sync from "./jury-sync.js";
import { cancel, later } from "./ticker.js";
import { toast } from "./toast.js";
import { timeOf } from "./translations.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const { translate } = sync;
const MINUTE = 60_000; // ms
const sheet = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-sheet]"));

/**
 * The value of a field: of the newest unsent change, of this device's record, or of the page, read at `readAt`.
 * @param {Change[]} changes of this field
 * @param {{ value: string, version: number } | undefined} known
 * @param {string} value
 * @param {number} readAt epoch ms
 */
export function newest(changes, known, value, readAt) {
  const last = changes.findLast(({ state }) => state !== "refused");
  if (last) return last.value;
  return known && known.version > readAt ? known.value : value;
}

/** Where to go from this sheet. */
export async function nextUrl({ least = false } = {}) {
  const team = Number(sheet?.dataset.team);
  /** @type {{ id: number, final: boolean, skip: string, readings: number, url: string }[]} */
  const teams = JSON.parse(one("#jury-teams").textContent);
  const { readAt } = JSON.parse(one("#jury-sheet").textContent);
  const sheets = new Map((await store.allSheets()).map((kept) => [kept.team, kept.fields]));
  const changes = await store.changesOf(sync.jury.user);
  /** @param {number} id @param {string} kind */
  const own = (id, kind) => changes.filter((change) => change.team === id && change.kind === kind);
  const next = nextOf(teams, team, {
    least,
    isFinal: ({ id, final }) => final || sheets.get(id)?.state?.value === "final" || own(id, "finish").length > 0,
    isSkipped: ({ id, skip }) => newest(own(id, "skip"), sheets.get(id)?.skip, skip, readAt) !== "",
  });
  return next?.url ?? sync.jury.urls.list;
}

/** @param {HTMLElement} button */
async function skip({ dataset: { skip: reason = "" } }) {
  if (!sheet) return;
  const [team, label] = [Number(sheet.dataset.team), sheet.dataset.name ?? ""];
  const words = translate(reason ? `skip_${reason}` : "resumed");
  await sync.keep({ team, kind: "skip", value: reason, base: 0, label, words });
  if (reason) location.href = await nextUrl({ least: reason === "absent" });
}

async function drawSkip() {
  const note = document.querySelector("[data-skipped]");
  if (!sheet || !note) return;
  const team = Number(sheet.dataset.team);
  const server = JSON.parse(one("#jury-sheet").textContent);
  const [kept, changes] = [await store.sheetOf(team), await store.changesOf(sync.jury.user)];
  const own = changes.filter((change) => change.team === team && change.kind === "skip");
  const reason = newest(own, kept?.fields.skip, server.skip, server.readAt);
  note.hidden = !reason || sheet.classList.contains("is-final") || "closed" in sheet.dataset;
  if (reason) write(note.querySelector("[data-slot=why]"), translate("skipped", { reason: translate(`skip_${reason}`) }));
}

/** @param {HTMLFormElement} form */
async function flag(form) {
  const text = one("textarea", form, HTMLTextAreaElement);
  const value = text.value.trim();
  if (!sheet || !value) return;
  await sync.keep({ team: Number(sheet.dataset.team), kind: "flag", value, base: 0, label: sheet.dataset.name, words: value });
  text.value = "";
  toast({ text: translate("flagged"), seconds: 5 });
}

// ---------------------------------------------------------------- pauses

/** @param {number} minutes @returns {number} epoch ms, a whole minute */
const inMinutes = (minutes) => Math.ceil((serverNow() + minutes * MINUTE) / MINUTE) * MINUTE;

/** @param {HTMLElement} section @param {string} kind @param {number} until epoch ms, 0 to end it */
function pause(section, kind, until) {
  const value = until ? new Date(until).toISOString() : "";
  const words = until ? translate("pause", { time: timeOf(until) }) : translate("pause_over");
  const label = section.querySelector("h2")?.textContent ?? "";
  sync.keep({ team: 0, department: Number(section.dataset.jury), kind, value, base: 0, label, words });
}

let timer = 0;

async function drawPauses() {
  cancel(timer);
  const [stored, changes] = [await store.sheetOf(0), await store.changesOf(sync.jury.user)];
  for (const section of document.querySelectorAll("[data-jury]")) {
    const note = section.querySelector("[data-paused]");
    if (!note) continue;
    const department = Number(section.dataset.jury);
    const own = changes.filter((change) => change.department === department && /pause$/.test(change.kind));
    const server = stored?.fields[`pause-${department}`];
    const until = Date.parse(newest(own, server, section.dataset.pausedUntil ?? "", Number(section.dataset.readAt)));
    note.hidden = !(until > serverNow());
    if (note.hidden) continue;
    write(note.querySelector("[data-slot=until]"), translate("paused", { time: timeOf(until) }));
    timer = later(drawPauses, until - serverNow() + 500);
  }
}

/** @param {MouseEvent} event */
function onClick({ target }) {
  const button = target instanceof Element
    ? /** @type {HTMLElement | null} */ (target.closest("button[data-skip], [data-resume], [data-opens^=pause]")) : null;
  if (!button) return;
  const { resume, opens } = button.dataset;
  const section = /** @type {HTMLElement | null} */ (button.closest("[data-jury]"));
  if (opens) {
    for (const label of document.querySelectorAll(`#${opens} [data-until]`)) {
      const minutes = Number(label.dataset.until);
      label.textContent = translate("until", { minutes, time: timeOf(inMinutes(minutes)) });
    }
  } else if (!resume) skip(button);
  else if (section) pause(section, resume, 0);
}

/** @param {SubmitEvent} event */
function onSubmit({ target }) {
  if (!(target instanceof HTMLFormElement)) return;
  if ("flag" in target.dataset) flag(target);
  const section = /** @type {HTMLElement | null} */ (target.closest("[data-jury]"));
  if (!("pauseForm" in target.dataset) || !section) return;
  const sent = new FormData(target);
  pause(section, sent.has("whole") ? "jury_pause" : "pause", inMinutes(Number(sent.get("minutes"))));
}

function draw() {
  drawSkip();
  drawPauses();
}

/** From the first moment of the page: what is done here before the queue accepts changes is not lost. */
export function listen() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
}

export function start() {
  sync.onNews(draw);
  document.body.addEventListener("live:refetched", draw);
  draw();
}
