// A juror's marks as texts and numbers. The server writes and checks them in the same way (judging/scales.py).

/**
 * « 14,5 » as changes keep it: « 14.5 »; "NaN" where it is no number.
 * @param {string} text
 */
export const plain = (text) => (text.trim() === "" ? "" : String(Number(text.trim().replace(",", "."))));

/**
 * Whether a plain text is empty or a mark: 0 to `top` in steps of `step`.
 * @param {string} value
 * @param {number} top
 * @param {number} step
 */
export function isMark(value, top, step) {
  const number = Number(value);
  return value === "" || (number >= 0 && number <= top && Number.isInteger(number / step));
}

/**
 * The mark with half a point more, or without it if it has one; null if there is no such mark.
 * @param {string} text as typed
 * @param {number} top
 */
export function halved(text, top) {
  const from = text.trim() === "" ? NaN : Number(plain(text));
  const mark = Number.isInteger(from) ? from + 0.5 : Math.floor(from);
  return mark >= 0 && mark <= top ? mark : null;
}

/**
 * The total out of 20 of marks by their weights; null while one is missing.
 * @param {Iterable<{ value: string, top: number, weight: number }>} marks
 */
export function totalOf(marks) {
  let [sum, weights] = [0, 0];
  for (const { value, top, weight } of marks) {
    if (value === "") return null;
    sum += (weight * Number(value) * 20) / top;
    weights += weight;
  }
  return weights ? sum / weights : null;
}

/** « 14,20 », half up as on the server. @param {number} total @param {string | undefined} decimal separator */
export const written = (total, decimal = ".") =>
  (Math.round(Number((total * 100).toFixed(7))) / 100).toFixed(2).replace(".", decimal);
