// Two own sheets side by side. The page has all of them, so that another choice needs no network; newer values of this
// device are shown on top.

import { one, write } from "./dom.js";
import { isVisit } from "./jury-changes.js";
import { marksOf, valuesOf } from "./jury-list.js";
import { totalOf, written } from "./jury-marks.js";
import * as store from "./jury-store.js";
import * as sync from "./jury-sync.js";

const card = /** @type {HTMLElement | null} */ (document.querySelector("[data-compare]"));
const decimal = document.documentElement.lang === "fr" ? "," : ".";
const NONE = "–";

/** @param {string} team */
const cellsOf = (team) => /** @type {HTMLElement[]} */ ([...card?.querySelectorAll(`[data-cell][data-team="${team}"]`) ?? []]);

/**
 * Values of this device that the page does not have yet.
 * @param {string} team
 * @param {import("./jury-changes.js").Change[]} changes
 * @param {{ fields: Record<string, { value: string, version: number }> } | undefined} sheet
 */
function fill(team, changes, sheet) {
  const version = Number(card?.querySelector(`th[data-team="${team}"]`)?.dataset.version);
  /** @type {[string, { value: string, version: number }][]} */
  const newer = Object.entries(sheet?.fields ?? {}).filter(([, field]) => field.version > version);
  const values = valuesOf(changes, newer);
  if (!values.size) return;
  for (const cell of cellsOf(team)) {
    const { cell: name = "" } = cell.dataset;
    const value = values.get(name);
    if (value !== undefined) write(cell, (name.startsWith("mark-") ? value.replace(".", decimal) : value) || NONE);
  }
  const shown = new Map(cellsOf(team).map((cell) => [cell.dataset.cell ?? "", cell.textContent.trim()]));
  const marks = new Map([...shown].map(([name, text]) => [name, text === NONE ? "" : text.replace(",", ".")]));
  const total = card && totalOf(marksOf(card, marks));
  const cell = cellsOf(team).find(({ dataset }) => dataset.cell === "total");
  if (cell) write(cell, total === null ? NONE : written(total, decimal));
}

async function draw() {
  const changes = (await store.changesOf(sync.jury.user)).filter((change) => !isVisit(change));
  const sheets = new Map((await store.allSheets()).map((sheet) => [String(sheet.team), sheet]));
  for (const { dataset: { team = "" } } of card?.querySelectorAll("th[data-team]") ?? []) {
    fill(team, changes.filter((change) => String(change.team) === team), sheets.get(team));
  }
}

export function start() {
  if (!card?.querySelector("option")) return;
  const selects = /** @type {HTMLSelectElement[]} */ ([...card.querySelectorAll("select")]);
  const wanted = new URLSearchParams(location.search);
  const choose = () => {
    const chosen = selects.map(({ value }) => value);
    for (const cell of card.querySelectorAll("[data-team]")) cell.hidden = !chosen.includes(cell.dataset.team ?? "");
    for (const row of card.querySelectorAll("tr")) { // in the order in which they were chosen
      row.append(...chosen.map((team) => one(`[data-team="${team}"]`, row)));
    }
    for (const [index, select] of selects.entries()) { // a team beside itself says nothing
      for (const option of select.options) option.disabled = option.value === chosen[1 - index];
    }
  };
  for (const select of selects) { // a page of the service worker was made for another choice
    const value = wanted.get(select.name) ?? "";
    if ([...select.options].some((option) => option.value === value)) select.value = value;
    select.addEventListener("change", choose);
  }
  if (selects.length > 1 && selects[0].value === selects[1].value) {
    const other = [...selects[1].options].find(({ value }) => value !== selects[0].value);
    if (other) selects[1].value = other.value;
  }
  card.querySelector("[data-no-script]")?.remove();
  choose();
  sync.onNews(draw);
  draw();
}
