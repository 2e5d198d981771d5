// The juror's own order of teams, best first. Only the juror can read it. A hint shows where it contradicts the marks.

import { copyOf, one, write } from "./dom.js";
import { written } from "./jury-marks.js";
import { arranged } from "./jury-next.js";
import * as store from "./jury-store.js";
import * as sync from "./jury-sync.js";
import { newest } from "./jury-visits.js";

const { translate } = sync;
const decimal = document.documentElement.lang === "fr" ? "," : ".";
let begun = 0; // moves of teams by the juror on this page
let stored = 0; // those that are stored

/**
 * Draw the order of one jury.
 * @param {HTMLElement} section
 * @param {{ id: number, name: string, total: number }[]} totals of the teams whose marks are complete
 */
export async function drawOrder(section, totals) {
  const part = section.querySelector("[data-own-order]");
  if (!part || begun > stored) return; // it is drawn again once the move is stored
  part.style.display = totals.length < 2 ? "" : "block"; // the server's version of the page does not change a style
  const department = Number(section.dataset.jury);
  const before = begun;
  const changes = await store.changesOf(sync.jury.user);
  const own = changes.filter((change) => change.kind === "order" && change.department === department);
  const server = (await store.sheetOf(0))?.fields[`order-${department}`];
  if (begun > before) return; // what was read is older than the juror's move
  const order = newest(own, server, part.dataset.ownOrder ?? "", Number(section.dataset.readAt));
  const teams = arranged(totals, order.split(",").filter(Boolean).map(Number));
  const list = one("ol", part);
  const wanted = teams.map(({ id, name }) => list.querySelector(`[data-id="${id}"]`) ?? rowOf(part, department, id, name));
  // Only where something moves: an element that stays keeps the focus.
  if (list.children.length !== wanted.length || wanted.some((row, place) => list.children[place] !== row)) list.replaceChildren(...wanted);
  for (const [place, team] of teams.entries()) label(wanted[place], place, team, teams[place + 1]);
}

/**
 * @param {HTMLElement} row
 * @param {number} place
 * @param {{ total: number }} team
 * @param {{ name: string, total: number } | undefined} next
 */
function label(row, place, { total }, next) {
  const isContrary = next !== undefined && next.total > total;
  write(one("[data-slot=rank]", row), String(place + 1));
  write(one("[data-slot=total]", row), written(total, decimal));
  write(one("[data-slot=hint]", row), isContrary
    ? translate("contradicts", { team: next.name, total: written(next.total, decimal) }) : "");
  one("[data-by='-1']", row, HTMLButtonElement).disabled = place === 0;
  one("[data-by='1']", row, HTMLButtonElement).disabled = !next;
}

/** @param {HTMLElement} part @param {number} department @param {number} id @param {string} name */
function rowOf(part, department, id, name) {
  const row = copyOf("template", part);
  row.dataset.id = String(id);
  one("[data-slot=name]", row).textContent = name;
  const save = () => {
    const ids = [...one("ol", part).children].map((child) => /** @type {HTMLElement} */ (child).dataset.id);
    write(part.querySelector("[data-slot=said]"), translate("moved", { team: name, rank: ids.indexOf(row.dataset.id) + 1 }));
    const label = part.querySelector("summary")?.textContent ?? "";
    const move = { team: 0, department, kind: "order", value: ids.join(","), base: 0, label, words: translate("order") };
    sync.keep(move).finally(() => (stored += 1));
  };
  for (const button of row.querySelectorAll("[data-by]")) {
    const by = Number(button.dataset.by);
    button.setAttribute("aria-label", translate(by < 0 ? "up" : "down", { team: name }));
    button.addEventListener("click", () => {
      begun += 1;
      if (by < 0) row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      button.focus();
      save();
    });
  }
  followDrag(row, save);
  return row;
}

/** @param {HTMLElement} row @param {() => void} done */
function followDrag(row, done) {
  const handle = one("[data-handle]", row);
  /** @param {Element} other */
  const middle = (other) => other.getBoundingClientRect().top + other.getBoundingClientRect().height / 2;
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    if (row.classList.contains("is-dragged")) return; // a second finger
    handle.setPointerCapture(event.pointerId);
    begun += 1;
    row.classList.add("is-dragged");
  });
  handle.addEventListener("pointermove", ({ clientY }) => {
    if (!row.classList.contains("is-dragged")) return;
    const [before, after] = [row.previousElementSibling, row.nextElementSibling];
    // The other row is moved: an element that is moved loses the pointer.
    if (before && clientY < middle(before)) row.after(before);
    else if (after && clientY > middle(after)) row.before(after);
  });
  for (const type of ["pointerup", "pointercancel"]) {
    handle.addEventListener(type, () => {
      if (!row.classList.contains("is-dragged")) return;
      row.classList.remove("is-dragged");
      done();
    });
  }
}
