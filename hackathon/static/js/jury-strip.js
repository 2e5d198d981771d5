// The strip of a juror's own totals: where a team stands among those that this juror has marked.

import { one } from "./dom.js";
import { written } from "./jury-marks.js";

// As judging/templatetags/judging.py draws it.
const [RADIUS, STEP, APART, TOP] = [6, 13, 0.8, 18];
/** @type {"http://www.w3.org/2000/svg"} */
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw the strip of the list again, where this device knows other totals than the page.
 * @param {Element} strip
 * @param {{ name: string, total: number }[]} totals
 * @param {(name: string, total: string) => string} titled text of a point
 */
export function drawTotals(strip, totals, titled) {
  strip.toggleAttribute("hidden", totals.length === 0);
  const svg = one("svg", strip, SVGSVGElement);
  /** @type {number[]} by level, the last total on it */
  const ends = [];
  const placed = [...totals].sort((point, other) => point.total - other.total).map((point) => {
    const free = ends.findIndex((end) => point.total - end >= APART);
    const level = free < 0 ? ends.length : free;
    ends[level] = point.total;
    return { ...point, level };
  });
  const base = TOP + STEP * Math.max(ends.length, 1);
  svg.setAttribute("height", String(base + 22));
  for (const line of svg.querySelectorAll("line")) {
    const isTick = line.getAttribute("x1") === line.getAttribute("x2");
    line.setAttribute("y1", String(base));
    line.setAttribute("y2", String(isTick ? base + 5 : base));
  }
  for (const text of svg.querySelectorAll("text")) text.setAttribute("y", String(base + 19));
  for (const old of svg.querySelectorAll("circle")) old.remove();
  svg.append(...placed.map(({ name, total, level }) => {
    const circle = document.createElementNS(SVG, "circle");
    const at = { cx: `${(total * 5).toFixed(2)}%`, cy: base - RADIUS - 3 - STEP * level, r: RADIUS };
    for (const [key, value] of Object.entries(at)) circle.setAttribute(key, String(value));
    const title = document.createElementNS(SVG, "title");
    title.textContent = titled(name, written(total, svg.dataset.decimal));
    circle.append(title);
    return circle;
  }));
}

/** Move this team's point. @param {number | null} total */
export function drawStrip(total) {
  for (const own of document.querySelectorAll("[data-strip-own]")) {
    own.toggleAttribute("hidden", total === null);
    if (total === null) continue;
    const at = `${total * 5}%`;
    one("circle", own).setAttribute("cx", at);
    const figure = one("text", own);
    figure.setAttribute("x", at);
    figure.textContent = written(total, own.closest("svg")?.dataset.decimal);
  }
}
