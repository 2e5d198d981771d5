// The page « Prouver »: verifies a receipt against the digest of a seal, without a network. It is copied into each file
// with what it imports, which imports nothing. docs/seals.md describes the proof, verify_proof.py verifies the same.

import { Sha256 } from "#site/sha256.js";

/**
 * @typedef {{ what: string, from?: number, to?: number, step?: number, field?: string }} Fault bytes `from` to `to`, both
 *   included; `step` of the path from 1
 * @typedef {{ leaf: string, index: number, tree_size: number, path: string[], root: string, nodes: string[],
 *   receipt: string }} Proof
 * @typedef {{ size: number, digests: string[] }} Blocks
 */

/** @param {number} prefix 0 of a leaf, 1 of a node @param {...Uint8Array} parts */
function hash(prefix, ...parts) {
  const sha = new Sha256().update(Uint8Array.of(prefix));
  for (const part of parts) sha.update(part);
  return sha.hex();
}

/** @param {string} hex */
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @param {string} text in base64 @returns {Uint8Array} empty if it cannot be decoded */
function decoded(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** Whether the sibling of each step is on the left. @param {Proof} proof */
function sidesOf(proof) {
  const sides = [];
  for (let { index } = proof, last = proof.tree_size - 1; last > 0; index >>= 1, last >>= 1) {
    if (index % 2 || index < last) sides.push(index % 2 === 1); // else the hash goes up as it is
  }
  return sides;
}

/** What the leaf and the path give, in hexadecimal; empty if the path has another length. @param {Proof} proof */
export function rootOf(proof) {
  const sides = sidesOf(proof);
  if (sides.length !== proof.path.length) return "";
  return proof.path.reduce((node, sibling, step) => joined(node, sibling, sides[step]), hash(0, decoded(proof.leaf)));
}

/** @param {string} node @param {string} sibling @param {boolean} onLeft */
function joined(node, sibling, onLeft) {
  const pair = onLeft ? [sibling, node] : [node, sibling];
  return hash(1, ...pair.map(bytesOf));
}

/**
 * What was altered in a proof. The hashes on the way tell where: they and the readable copy are in the file for that.
 * Who alters all of them in agreement is found by the digest of the seal alone.
 * @param {Proof} proof @returns {Fault[]}
 */
export function faultsOf(proof) {
  /** @type {Fault[]} */
  const faults = [];
  const leaf = decoded(proof.leaf), copy = new TextEncoder().encode(proof.receipt);
  const leafHolds = hash(0, leaf) === proof.nodes[0], copyHolds = hash(0, copy) === proof.nodes[0];
  const right = copyHolds ? copy : leaf;
  const differing = rangesOf(leaf, copy).map((range) => ({ ...range, field: fieldAt(right, range.from) }));
  if (!leafHolds) faults.push(...(differing.length ? differing : [{}]).map((range) => ({ what: "leaf", ...range })));
  if (!copyHolds && (leafHolds || differing.length)) faults.push(...differing.map((range) => ({ what: "receipt", ...range })));
  const sides = sidesOf(proof);
  if (sides.length !== proof.path.length || proof.nodes.length !== sides.length + 1) faults.push({ what: "length" });
  else {
    proof.path.forEach((sibling, step) => {
      if (joined(proof.nodes[step], sibling, sides[step]) !== proof.nodes[step + 1]) faults.push({ what: "path", step: step + 1 });
    });
  }
  if (proof.nodes.at(-1) !== proof.root) faults.push({ what: "root" });
  return faults;
}

/** Ranges of bytes in which two texts differ. @param {Uint8Array} one @param {Uint8Array} other */
function rangesOf(one, other) {
  const ranges = [];
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    if (one[at] === other[at]) continue;
    const last = ranges.at(-1);
    if (last?.to === at - 1) last.to = at;
    else ranges.push({ from: at, to: at });
  }
  return ranges;
}

/** In which value of a receipt a byte lies: « team.name ». @param {Uint8Array} bytes @param {number} at */
function fieldAt(bytes, at) {
  let parent = "", name = "";
  for (const [, key, opens] of new TextDecoder().decode(bytes.subarray(0, at + 1)).matchAll(/"(\w+)":(\{?)/g)) {
    if (opens) parent = key;
    name = key;
  }
  return `${parent}.${name}`;
}

/** Pieces of a file, of a number of blocks each. @param {Blob} file @param {number} blockSize */
async function* piecesOf(file, blockSize) {
  const step = Math.max(1, Math.floor(2 ** 20 / blockSize)) * blockSize;
  for (let at = 0; at < file.size; at += step) yield new Uint8Array(await file.slice(at, at + step).arrayBuffer());
}

/** @param {Blob} file @param {(read: number) => void} progress */
export async function digestOf(file, progress) {
  const whole = new Sha256();
  let read = 0;
  for await (const piece of piecesOf(file, 2 ** 20)) {
    whole.update(piece);
    progress((read += piece.length));
  }
  return whole.hex();
}

/** @param {Blob} file @param {Blocks} blocks */
export async function rangesOfFile(file, { size: blockSize, digests }) {
  /** @type {{ from: number, to: number }[]} those that are not as they were received */
  const ranges = [];
  let from = 0, number = 0;
  for await (const piece of piecesOf(file, blockSize)) {
    for (let at = 0; at < piece.length; at += blockSize, number++) {
      const block = piece.subarray(at, at + blockSize), to = from + block.length - 1, last = ranges.at(-1);
      if (new Sha256().update(block).hex() !== digests[number]) {
        if (last?.to === from - 1) last.to = to;
        else ranges.push({ from, to });
      }
      from = to + 1;
    }
  }
  return ranges;
}

/** @param {string} selector @returns {HTMLElement} */
const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const page = one("main");
const { proofs, blocks } = JSON.parse(one("#proof").textContent ?? "");
const typed = /** @type {HTMLInputElement} */ (one("#digest"));
const chosen = /** @type {HTMLInputElement} */ (one("#files"));
/** Of the readable copy. */
const receipts = proofs.map((/** @type {Proof} */ proof) => parsed(proof.receipt));

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {HTMLElement} list @param {string} kind @param {string} name of the text @param {Record<string, unknown>} [values] */
function say(list, kind, name, values = {}) {
  const item = document.createElement("li");
  item.className = `alert is-${kind}`;
  item.textContent = (page.dataset[name] ?? name).replace(/\{(\w+)\}/g, (_, value) => String(values[value]));
  list.append(item);
}

/** @param {string} field */
const label = (field) => one(`[data-field="${CSS.escape(field)}"] dt`)?.textContent ?? field;

function showProof() {
  const list = one("#verdict"), digits = typed.value.toLowerCase().replace(/[^0-9a-f]/g, "");
  const least = Number(page.dataset.least);
  list.replaceChildren();
  if (!typed.value) return;
  if (digits.length < least) return say(list, "warning", "short", { digits: digits.length, least });
  const at = proofs.findIndex((/** @type {Proof} */ proof) => rootOf(proof).startsWith(digits));
  if (at < 0) say(list, "error", "wrong", { instants: proofs.map((/** @type {Proof} */ _, /** @type {number} */ each) => instant(each)).join(" ; ") });
  else say(list, "success", digits.length < 64 ? "begins" : "whole", { digits: digits.length, instant: instant(at) });
  const [from, to] = at < 0 ? [0, proofs.length] : [at, at + 1];
  for (let each = from; each < to; each++) {
    for (const fault of faultsOf(proofs[each])) {
      const name = `${fault.what}Altered${fault.from === undefined ? "" : "At"}`;
      say(list, "error", name, { ...fault, field: label(fault.field ?? ""), instant: instant(each) });
    }
  }
}

/** When the deposits of a seal counted. @param {number} at */
const instant = (at) => written(receipts[at]?.seal?.as_of ?? "");

/** @param {string} value an instant in the zone of the edition; others as they are */
function written(value) {
  if (!/^\d{4}-\d\d-\d\dT.*Z$/.test(value)) return value;
  return new Date(value).toLocaleString(document.documentElement.lang, { timeZone: page.dataset.zone, dateStyle: "full", timeStyle: "medium" });
}

async function showFiles() {
  const list = one("#files-verdict"), files = [...(chosen.files ?? [])];
  list.replaceChildren();
  const { size, sha256 } = JSON.parse(new TextDecoder().decode(decoded(proofs[0].leaf)) || "{}").deposit ?? {};
  for (const file of files) {
    const reading = one("#reading");
    const digest = await digestOf(file, (read) => { reading.textContent = `${file.name} : ${Math.round((100 * read) / file.size)} %`; });
    reading.textContent = "";
    if (digest === sha256) {
      say(list, "success", "same", { name: file.name });
      continue;
    }
    say(list, "error", file.size === size ? "other" : "otherSize", { name: file.name, size: file.size, received: size });
    const ranges = blocks ? await rangesOfFile(file, blocks) : [];
    for (const range of ranges.slice(0, 20)) say(list, "error", "range", range);
    if (ranges.length > 20) say(list, "error", "more", { n: ranges.length - 20 });
  }
}

for (const line of document.querySelectorAll("[data-field]")) {
  const names = (line.getAttribute("data-field") ?? "").split(".");
  const said = names.reduce((part, name) => part?.[name], receipts[0]), value = String(said ?? "?");
  if (said === undefined && line.hasAttribute("data-optional")) line.remove();
  /** @type {HTMLElement} */ (line.querySelector("dd")).textContent = page.dataset[`is_${value}`] ?? written(value);
}
typed.addEventListener("input", showProof);
chosen.addEventListener("change", showFiles);
