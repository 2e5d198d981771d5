// The texts of transfers, from <template id="deposit-translations">, and boxes that show them.

import { one } from "./dom.js";
import { sizeOf } from "./ui.js";
import { filled } from "./translations.js";

const translations = one("#deposit-translations").dataset;

/**
 * A sentence with its placeholders filled in: translate("lost", { seconds: 3 }).
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export const translate = (name, values) => filled(translations[name], values);

/** « 21 s », « 4 min ». @param {number} seconds */
export const durationOf = (seconds) =>
  seconds < 90 ? translate("seconds", { n: Math.ceil(seconds) }) : translate("minutes", { n: Math.ceil(seconds / 60) });

/**
 * A sentence in a box.
 * @param {string} kind success, warning or error
 * @param {string} sentence
 * @param {string} [filename] that it is about
 */
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

/**
 * Why the server would refuse this file; "" if it would not.
 * @param {File | undefined} file
 * @param {{ formats: string[], endings: string[], maxBytes: number }} accepted
 */
export function complaint(file, { formats, endings, maxBytes }) {
  if (!file) return translate("noFile");
  if (file.size === 0) return translate("empty");
  if (!fits(file, endings)) {
    return translate("wrongFormat", { formats: formats.map((name) => name.toUpperCase()).join(", ") });
  }
  return file.size > maxBytes ? translate("tooLarge", { size: sizeOf(file.size), max: sizeOf(maxBytes) }) : "";
}

/** Whether the name has one of the endings; without endings all fit. @param {File} file @param {string[]} endings */
export const fits = (file, endings) =>
  !endings.length || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
