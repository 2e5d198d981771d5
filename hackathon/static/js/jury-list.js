// My teams: what waits on this device, what could not be written, and where to look for a team.

import * as store from "./jury-store.js";
import { drawTotals, totalOf, written } from "./jury-strip.js";
import * as sync from "./jury-sync.js";
import { secondsOf } from "./words.js";

const { word } = sync;
const panel = document.querySelector("[data-refused]");
const search = document.querySelector("[data-search]");

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
    row.querySelector(".row-end").append(box);
  }
  if (box.textContent !== text) box.textContent = text;
}

/** What this device knows of a sheet: the server's values, over them what waits to be sent. */
function valuesOf(changes, fields) {
  const values = new Map(fields.map(([name, { value }]) => [name, value]));
  for (const change of changes) {
    if (change.state === "refused") continue;
    values.set(sync.fieldOf(change), { finish: "final", reopen: "draft" }[change.kind] ?? change.value);
  }
  return values;
}

/** The jury's criteria, as `totalOf` wants them with these values. */
function marksOf(row, values) {
  const scales = row.closest("[data-scales]").dataset.scales.trim().split(/\s+/);
  return scales.map((scale) => scale.split(":")).map(([pk, weight, top]) => (
    { element: { dataset: { weight } }, value: values.get(`mark-${pk}`) ?? "", top: Number(top) }
  ));
}

/** How far the sheet is, where this device knows better than the page: a list may be hours old. */
function drawState(row, changes, sheet) {
  const fields = Object.entries(sheet?.fields ?? {});
  const server = row.querySelector("[data-server]");
  const isNewer = changes.length || fields.some(([, { version }]) => version > Number(row.dataset.version));
  server.hidden = Boolean(isNewer);
  const values = valuesOf(changes, fields);
  const marks = marksOf(row, values);
  const final = isNewer ? values.get("state") === "final" : server.dataset.server === "final";
  row.dataset.work = isNewer ? (final ? "final" : "draft") : server.dataset.server;
  const known = "mean" in row.dataset ? Number(row.dataset.mean) : null;
  const total = isNewer ? totalOf(marks) : known;
  const [marked, all] = [marks.filter(({ value }) => value !== "").length, marks.length];
  const words = final ? word("final") : word(all > 1 ? "count" : "count_one", { marked, total: all });
  chip(row, "state", isNewer && words, final ? "ok" : "muted");
  figure(row, isNewer && final ? total : null);
  return { name: row.dataset.name, total, isNewer, final, row };
}

/** The juror's own total before the state, as on the server's page. */
function figure(row, total) {
  row.querySelector("[data-figure]")?.remove();
  if (total === null) return;
  const element = document.createElement("b");
  element.className = "num";
  element.dataset.figure = "";
  element.textContent = written(total, row.closest("[data-jury]").querySelector(".strip svg").dataset.decimal);
  row.querySelector("[data-server]").after(element);
}

const counted = (name, n, values) => word(n === 1 ? `${name}_one` : name, values);

/** Where the jury is closed nothing is left to be said. */
function write(element, text) {
  if (element && element.textContent.trim() !== text) element.textContent = text;
}

/** What is left, what is done and where to go on, of one jury: as its lines say. */
function drawHead(section, lines) {
  const open = lines.filter(({ final }) => !final);
  const [left, done, total] = [open.length, lines.length - open.length, lines.length];
  write(section.querySelector("[data-left]"), left ? counted("left", left, { left }) : word("left_none"));
  write(section.querySelector("[data-done]"), counted("done", done, { done, total }));
  const bar = section.querySelector("progress");
  bar.value = done;
  bar.classList.toggle("is-ok", left === 0);
  const next = section.querySelector("[data-next]");
  if (next) {
    next.hidden = left === 0;
    next.querySelector("a").href = open[0]?.row.href ?? "";
    write(next.querySelector("span"), open.length ? word("next", { team: open[0].name }) : "");
  }
  if (lines.some(({ isNewer }) => isNewer)) {
    drawTotals(section.querySelector(".strip"), lines.filter((line) => line.total !== null), pair);
  }
}

function drawRow(row, changes) {
  const count = sync.waiting(changes).length;
  chip(row, "waiting", count && word(count > 1 ? "pending" : "pending_one", { n: count }), "warn");
  const conflicts = changes.filter(({ state }) => state === "conflict").length;
  chip(row, "conflict", conflicts && word(conflicts > 1 ? "conflicts" : "conflict", { n: conflicts }), "alarm");
  chip(row, "refused", changes.some(({ state }) => state === "refused") && word("refused"), "alarm");
}

/** « Originalité : 14 », as the language puts its colon. */
const pair = (what, value) => word("pair", { what, value });

/** What the server refused stays here until the juror has said what becomes of it. */
function drawRefused(refused) {
  panel.hidden = refused.length === 0;
  const list = panel.querySelector("ul");
  list.replaceChildren(...refused.map((change) => {
    const line = panel.querySelector("template").content.firstElementChild.cloneNode(true);
    const value = { finish: word("finish"), reopen: word("reopen") }[change.kind] ?? change.value;
    line.querySelector("[data-slot=what]").textContent = pair(change.label ?? "", value || word("empty"));
    line.querySelector("[data-slot=at]").textContent = secondsOf(change.given_at);
    line.querySelector("[data-slot=why]").textContent = change.message;
    line.querySelector("[data-act=again]").addEventListener("click", () => sync.again(change));
    line.querySelector("[data-act=forget]").addEventListener("click", () => sync.forget(change));
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
  if (panel) drawRefused(changes.filter(({ state }) => state === "refused"));
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The list out of the worker's cache has all teams: what is asked for in the address is chosen here. */
function choose() {
  const words = plain(search?.value ?? "");
  const wanted = new URLSearchParams(location.search).get("show");
  for (const row of document.querySelectorAll(".team-row[data-team]")) {
    const fits = !wanted || (wanted === "done") === (row.dataset.work === "final");
    row.closest("li").hidden = !fits || !plain(row.textContent).includes(words);
  }
}

export function start() {
  if (!document.querySelector("[data-my-teams]")) return;
  search?.closest("[hidden]")?.removeAttribute("hidden");
  search?.addEventListener("input", choose);
  sync.onNews(draw);
  document.body.addEventListener("live:refetched", draw);
  draw();
}
