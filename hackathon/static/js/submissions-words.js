// What the page says of deposits, in its language: the words of <template id="deposit-words">.

import { sizeOf } from "./ui.js";

const text = document.getElementById("deposit-words").dataset;

/** A sentence with its blanks filled in: say("lost", { seconds: 3 }). */
export const say = (name, values = {}) =>
  (text[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** « 21 s », « 4 min ». */
export const durationOf = (seconds) =>
  seconds < 90 ? say("seconds", { n: Math.ceil(seconds) }) : say("minutes", { n: Math.ceil(seconds / 60) });

/** A sentence in a box, with the name of the file that it is about; `kind` is success, warning or error. */
export function box(kind, sentence, filename = "") {
  const said = document.createElement("p");
  said.className = `alert is-${kind}`;
  if (!filename) {
    said.textContent = sentence;
    return said;
  }
  const [name, words] = [document.createElement("b"), document.createElement("span")];
  name.className = "deliverable-name";
  name.textContent = filename;
  words.append(name, document.createElement("br"), sentence);
  said.append(words);
  return said;
}

/** Why this file would be refused, before a byte is sent; the server decides again. */
export function complaint(file, { formats, endings, maxBytes }) {
  if (!file) return say("noFile");
  if (file.size === 0) return say("empty");
  if (!fits(file, endings)) {
    return say("wrongFormat", { formats: formats.map((name) => name.toUpperCase()).join(", ") });
  }
  return file.size > maxBytes ? say("tooLarge", { size: sizeOf(file.size), max: sizeOf(maxBytes) }) : "";
}

/** Whether the name ends as asked; without formats anything does. */
export const fits = (file, endings) =>
  !endings.length || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
