// The strip of one's own totals: where this team stands among those the juror has marked.

/** The total out of 20 of these marks by their weights; null while one is missing. */
export function totalOf(marks) {
  let [sum, weights] = [0, 0];
  for (const { element, value, top } of marks) {
    if (value === "") return null;
    const weight = Number(element.dataset.weight);
    sum += (weight * Number(value) * 20) / top;
    weights += weight;
  }
  return weights ? sum / weights : null;
}

// As judging/templatetags/judging.py draws it.
const [RADIUS, STEP, APART, TOP] = [6, 13, 0.8, 18];
const SVG = "http://www.w3.org/2000/svg";

/** The strip of the list again, where this device knows other totals than the page: `{ name, total }`; `titled` writes both. */
export function drawTotals(strip, totals, titled) {
  strip.toggleAttribute("hidden", totals.length === 0);
  const svg = strip.querySelector("svg");
  const ends = []; // by level, the last total on it
  const placed = [...totals].sort((one, other) => one.total - other.total).map((one) => {
    const free = ends.findIndex((end) => one.total - end >= APART);
    const level = free < 0 ? ends.length : free;
    ends[level] = one.total;
    return { ...one, level };
  });
  const base = TOP + STEP * Math.max(ends.length, 1);
  svg.setAttribute("height", base + 22);
  for (const line of svg.querySelectorAll("line")) {
    const isTick = line.getAttribute("x1") === line.getAttribute("x2");
    line.setAttribute("y1", base);
    line.setAttribute("y2", isTick ? base + 5 : base);
  }
  for (const text of svg.querySelectorAll("text")) text.setAttribute("y", base + 19);
  for (const old of svg.querySelectorAll("circle")) old.remove();
  svg.append(...placed.map(({ name, total, level }) => {
    const circle = document.createElementNS(SVG, "circle");
    const at = { cx: `${(total * 5).toFixed(2)}%`, cy: base - RADIUS - 3 - STEP * level, r: RADIUS };
    for (const [key, value] of Object.entries(at)) circle.setAttribute(key, value);
    const title = document.createElementNS(SVG, "title");
    title.textContent = titled(name, written(total, svg.dataset.decimal));
    circle.append(title);
    return circle;
  }));
}

/** « 14,20 ». */
export const written = (total, decimal) => total.toFixed(2).replace(".", decimal);

/** Move this team's point. */
export function drawStrip(total) {
  for (const own of document.querySelectorAll("[data-strip-own]")) {
    own.toggleAttribute("hidden", total === null);
    if (total === null) continue;
    const at = `${total * 5}%`;
    own.querySelector("circle").setAttribute("cx", at);
    const figure = own.querySelector("text");
    figure.setAttribute("x", at);
    figure.textContent = written(total, own.closest("svg").dataset.decimal);
  }
}
