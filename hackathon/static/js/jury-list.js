// My teams: what waits on this device, what could not be written, and where to look for a team.

import * as store from "./jury-store.js";
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

/** How far the sheet is, where this device knows better than the page: a list may be hours old. */
function drawState(row, changes, sheet) {
  const fields = Object.entries(sheet?.fields ?? {});
  const isNewer = changes.length || fields.some(([, { version }]) => version > Number(row.dataset.version));
  row.querySelector("[data-server]").hidden = Boolean(isNewer);
  const values = new Map(fields.map(([name, { value }]) => [name, value]));
  for (const change of changes) {
    if (change.state === "refused") continue;
    values.set(sync.fieldOf(change), { finish: "final", reopen: "draft" }[change.kind] ?? change.value);
  }
  const marked = [...values].filter(([name, value]) => name.startsWith("mark-") && value !== "").length;
  const final = values.get("state") === "final";
  if (isNewer) row.dataset.work = final ? "final" : "draft";
  const total = Number(row.dataset.criteria);
  const words = final ? word("final") : word(total > 1 ? "count" : "count_one", { marked, total });
  chip(row, "state", isNewer && words, final ? "ok" : "muted");
}

function drawRow(row, changes) {
  const count = sync.waiting(changes).length;
  chip(row, "waiting", count && word(count > 1 ? "pending" : "pending_one", { n: count }), "warn");
  const conflicts = changes.filter(({ state }) => state === "conflict").length;
  chip(row, "conflict", conflicts && word(conflicts > 1 ? "conflicts" : "conflict", { n: conflicts }), "alarm");
  chip(row, "refused", changes.some(({ state }) => state === "refused") && word("refused"), "alarm");
}

/** What the server refused stays here until the juror has said what becomes of it. */
function drawRefused(refused) {
  panel.hidden = refused.length === 0;
  const list = panel.querySelector("ul");
  list.replaceChildren(...refused.map((change) => {
    const line = panel.querySelector("template").content.firstElementChild.cloneNode(true);
    const value = { finish: word("finish"), reopen: word("reopen") }[change.kind] ?? change.value;
    line.querySelector("[data-slot=what]").textContent = `${change.label ?? ""} : ${value || word("empty")}`;
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
  for (const row of document.querySelectorAll(".team-row[data-team]")) {
    const team = Number(row.dataset.team);
    const mine = changes.filter((change) => change.team === team);
    drawState(row, mine, sheets.get(team));
    drawRow(row, mine);
  }
  if (panel) drawRefused(changes.filter(({ state }) => state === "refused"));
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The list out of the worker's cache has all teams: what is asked for in the address is chosen here. */
function choose() {
  const words = plain(search?.value ?? "");
  const wanted = new URLSearchParams(location.search).get("voir");
  for (const row of document.querySelectorAll(".team-row[data-team]")) {
    const fits = !wanted || (wanted === "terminees") === (row.dataset.work === "final");
    row.closest("li").hidden = !fits || !plain(row.textContent).includes(words);
  }
}

export function start() {
  if (!document.querySelector("[data-my-teams]")) return;
  search?.closest("[hidden]")?.removeAttribute("hidden");
  search?.addEventListener("input", choose);
  choose();
  sync.onNews(draw);
  document.body.addEventListener("live:refetched", () => {
    choose();
    draw();
  });
  draw();
}
