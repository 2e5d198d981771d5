// The juror's teams: unsent and refused changes of this device, and the search for a team.

import { copyOf, one, write } from "./dom.js";
import { fieldOf, isVisit, valueOf, waiting } from "./jury-changes.js";
import { drawFinish } from "./jury-finish.js";
import { totalOf, written } from "./jury-marks.js";
import { drawOrder } from "./jury-order.js";
import * as store from "./jury-store.js";
import { drawTotals } from "./jury-strip.js";
import * as sync from "./jury-sync.js";
import { newest } from "./jury-visits.js";
import { secondsOf } from "./translations.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const { translate } = sync;
const panel = document.querySelector("[data-refused]");
const search = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-search]"));

/** @param {HTMLElement} row @param {string} name @param {string | false} text @param {string} kind */
function chip(row, name, text, kind) {
  let box = row.querySelector(`[data-chip=${name}]`);
  if (!text) {
    box?.remove();
    return;
  }
  if (!box) {
    box = document.createElement("span");
    box.className = `badge is-${kind}`;
    box.dataset.chip = name;
    one(".row-end", row).append(box);
  }
  write(box, text);
}

/**
 * The values of a sheet: the server's, replaced by unsent changes.
 * @param {Change[]} changes
 * @param {[string, { value: string, version: number }][]} fields
 */
export function valuesOf(changes, fields) {
  const values = new Map(fields.map(([name, { value }]) => [name, value]));
  for (const change of changes) {
    if (change.state === "refused") continue;
    values.set(fieldOf(change), valueOf(change));
  }
  return values;
}

/** The jury's criteria with these values. @param {HTMLElement} row inside of `data-scales` @param {Map<string, string>} values */
export function marksOf(row, values) {
  const scales = row.closest("[data-scales]")?.dataset.scales?.trim().split(/\s+/) ?? [];
  return scales.map((scale) => scale.split(":")).map(([pk, weight, top]) => (
    { field: `mark-${pk}`, weight: Number(weight), value: values.get(`mark-${pk}`) ?? "", top: Number(top) }
  ));
}

/**
 * Show how far the sheet is, if this device has newer values than the page, which may be hours old.
 * @param {HTMLElement} row
 * @param {Change[]} mine
 * @param {any} sheet
 */
function drawState(row, mine, sheet) {
  const changes = mine.filter((change) => !isVisit(change));
  /** @type {[string, any][]} */
  const fields = Object.entries(sheet?.fields ?? {}).filter(([name]) => name !== "skip");
  const server = one("[data-server]", row);
  const isNewer = changes.length > 0 || fields.some(([, { version }]) => version > Number(row.dataset.version));
  server.hidden = isNewer;
  const values = valuesOf(changes, fields);
  const marks = marksOf(row, values);
  const final = isNewer ? values.get("state") === "final" : server.dataset.server === "final";
  row.dataset.work = isNewer ? (final ? "final" : "draft") : server.dataset.server;
  const mean = "mean" in row.dataset ? Number(row.dataset.mean) : null;
  const total = isNewer ? totalOf(marks) : mean;
  const [marked, all] = [marks.filter(({ value }) => value !== "").length, marks.length];
  const text = final ? translate("final") : translate(all > 1 ? "count" : "count_one", { marked, total: all });
  chip(row, "state", isNewer && text, final ? "ok" : "muted");
  figure(row, isNewer ? total : null);
  const readAt = Number(row.closest("[data-jury]")?.dataset.readAt);
  const skip = newest(mine.filter(({ kind }) => kind === "skip"), sheet?.fields.skip, row.dataset.skip ?? "", readAt);
  chip(row, "skip", !final && skip !== "" && translate(`skip_${skip}`), "warn");
  // Of each mark that is shown: what another device writes after this is not seen here.
  const base = isNewer ? Math.min(...marks.map(({ field }) => sheet?.fields[field]?.version ?? 0)) : Number(row.dataset.version);
  const isOpen = "outdated" in row.dataset || changes.some(({ state }) => state);
  return { id: Number(row.dataset.team), name: row.dataset.name ?? "", total, isNewer, final, skip, base, isOpen, row };
}

/** Show the juror's total before the state, as on the server's page. @param {HTMLElement} row @param {number | null} total */
function figure(row, total) {
  row.querySelector("[data-figure]")?.remove();
  if (total === null) return;
  const element = document.createElement("b");
  element.className = "num";
  element.dataset.figure = "";
  element.textContent = written(total, row.closest("[data-jury]")?.querySelector(".strip svg")?.dataset.decimal);
  one("[data-server]", row).after(element);
}

const plurals = new Intl.PluralRules(document.documentElement.lang || "fr"); // « 0 fiche », “0 sheets”

/** @param {string} name @param {number} n @param {Record<string, number>} values */
const counted = (name, n, values) => translate(plurals.select(n) === "one" ? `${name}_one` : name, values);

/**
 * What is left, what is done and where to go on, in one jury.
 * @param {HTMLElement} section
 * @param {ReturnType<typeof drawState>[]} lines
 */
function drawHead(section, lines) {
  const open = lines.filter(({ final }) => !final);
  const [left, done, total] = [open.length, lines.length - open.length, lines.length];
  write(section.querySelector("[data-left]"), left ? counted("left", left, { left }) : translate("left_none"));
  write(section.querySelector("[data-done]"), counted("done", done, { done, total }));
  const bar = one("progress", section, HTMLProgressElement);
  bar.value = done;
  bar.classList.toggle("is-ok", left === 0);
  const next = section.querySelector("[data-next]");
  if (next) {
    next.hidden = left === 0;
    const first = open.find(({ skip }) => !skip) ?? open[0];
    one("a", next, HTMLAnchorElement).href = first?.row.getAttribute("href") ?? "";
    write(next.querySelector("span"), first ? translate("next", { team: first.name }) : "");
  }
  drawFinish(section, lines);
  drawOrder(section, lines.flatMap(({ id, name, total }) => (total === null ? [] : [{ id, name, total }])));
  if (lines.some(({ isNewer }) => isNewer)) {
    const totals = lines.flatMap(({ name, total }) => (total === null ? [] : [{ name, total }]));
    drawTotals(one(".strip", section), totals, pair);
  }
}

/** @param {HTMLElement} row @param {Change[]} changes */
function drawRow(row, changes) {
  const count = waiting(changes).length;
  chip(row, "waiting", count > 0 && translate(count > 1 ? "pending" : "pending_one", { n: count }), "warn");
  const conflicts = changes.filter(({ state }) => state === "conflict").length;
  chip(row, "conflict", conflicts > 0 && translate(conflicts > 1 ? "conflicts" : "conflict", { n: conflicts }), "alarm");
  chip(row, "refused", changes.some(({ state }) => state === "refused") && translate("refused"), "alarm");
}

/** « Originalité : 14 », punctuated as in the language. @param {string} what @param {string} value */
const pair = (what, value) => translate("pair", { what, value });

/** Refused changes stay listed until the juror sends them again or drops them. @param {HTMLElement} panel @param {Change[]} refused */
function drawRefused(panel, refused) {
  panel.hidden = refused.length === 0;
  const list = one("ul", panel);
  list.replaceChildren(...refused.map((change) => {
    const line = copyOf("template", panel);
    const value = change.kind === "finish" || change.kind === "reopen" ? translate(change.kind) : change.words ?? change.value;
    one("[data-slot=what]", line).textContent = pair(change.label ?? "", value || translate("empty"));
    one("[data-slot=at]", line).textContent = secondsOf(change.given_at ?? "");
    one("[data-slot=why]", line).textContent = change.message ?? "";
    one("[data-act=again]", line).addEventListener("click", () => sync.again(change));
    one("[data-act=forget]", line).addEventListener("click", () => sync.forget(change));
    return line;
  }));
}

export async function draw() {
  const changes = await store.changesOf(sync.jury.user);
  const sheets = new Map((await store.allSheets()).map((sheet) => [sheet.team, sheet]));
  for (const section of document.querySelectorAll("[data-jury]")) {
    const lines = [...section.querySelectorAll(".team-row[data-team]")].map((row) => {
      const team = Number(row.dataset.team);
      const mine = changes.filter((change) => change.team === team);
      drawRow(row, mine);
      return drawState(row, mine, sheets.get(team));
    });
    if (lines.length) drawHead(section, lines);
  }
  choose();
  if (panel) drawRefused(panel, changes.filter(({ state }) => state === "refused"));
}

/** Without accents and case. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Filter here: the list in the service worker's cache has all teams, whatever the address asks for. */
function choose() {
  const words = plain(search?.value ?? "");
  const wanted = new URLSearchParams(location.search).get("show");
  for (const row of document.querySelectorAll(".team-row[data-team]")) {
    const fits = !wanted || (wanted === "done") === (row.dataset.work === "final");
    /** @type {HTMLElement} */ (row.closest("li")).hidden = !fits || !plain(row.textContent).includes(words);
  }
}

export function start() {
  if (!document.querySelector("[data-my-teams]")) return;
  // A filter is seen: the list in the cache is that of an address without one.
  if (location.search) document.querySelector("[data-tools]")?.setAttribute("open", "");
  search?.addEventListener("input", choose);
  sync.onNews(draw);
  document.body.addEventListener("live:refetched", draw);
  draw();
}
