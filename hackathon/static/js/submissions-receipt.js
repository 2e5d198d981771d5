// Compares a chosen file with the one that was received. Its digest is computed here; nothing is sent.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";
import { filled } from "./translations.js";

const compare = one("[data-compare]");
const input = one("input[type=file]", compare, HTMLInputElement);
const outcome = one("[data-outcome]", compare);
const [good, bad] = one("[data-icons]", compare, HTMLTemplateElement).content.children;
let comparisons = 0;

input.addEventListener("change", async () => {
  const file = input.files?.[0];
  const number = ++comparisons;
  outcome.replaceChildren();
  if (!file) return;
  showResult("reading");
  const result = await resultOf(file);
  if (number === comparisons) showResult(result.name, result.icon, result.values); // no other file was chosen since
});
compare.hidden = false;

/**
 * @param {File} file
 * @returns {Promise<{ name: string, icon: Element, values?: Record<string, string> }>}
 */
async function resultOf(file) {
  const received = Number(compare.dataset.size);
  if (file.size !== received) {
    return { name: "otherSize", icon: bad, values: { size: figure(file.size), received: figure(received) } };
  }
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex === compare.dataset.sha256 ? { name: "same", icon: good } : { name: "other", icon: bad };
  } catch {
    // Plain http has no `crypto.subtle`; a file may also be too large for the memory, or deleted.
    return { name: "impossible", icon: bad };
  }
}

/** The exact number of bytes, since different sizes must not look the same. @param {number} bytes */
function figure(bytes) {
  return bytes.toLocaleString(document.documentElement.lang);
}

/** @type {Record<string, string>} */
const KINDS = { same: "is-success", other: "is-error", otherSize: "is-error", impossible: "is-warning" };

/** @param {string} name of the text @param {Element} [icon] @param {Record<string, string>} [values] */
function showResult(name, icon, values) {
  const line = document.createElement("p");
  const kind = KINDS[name];
  line.className = `alert ${kind ?? ""}`;
  if (icon) line.append(icon.cloneNode(true));
  const text = document.createElement("span");
  text.textContent = filled(compare.dataset[name], values);
  line.append(text);
  outcome.replaceChildren(line);
}
