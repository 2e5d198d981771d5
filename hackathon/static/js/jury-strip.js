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

/** Move this team's point. */
export function drawStrip(total) {
  for (const own of document.querySelectorAll("[data-strip-own]")) {
    own.toggleAttribute("hidden", total === null);
    if (total === null) continue;
    const at = `${total * 5}%`;
    own.querySelector("circle").setAttribute("cx", at);
    const figure = own.querySelector("text");
    figure.setAttribute("x", at);
    figure.textContent = figure.dataset.pattern.replace("0", total.toFixed(2).replace(".", figure.dataset.decimal));
  }
}
