// The page « Prouver », on a page like that of templates/proofs/proof.html.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";

import { Sha256 } from "../../../hackathon/static/js/sha256.js";
import { open } from "../../js/page.js";

const sha = (/** @type {Buffer[]} */ ...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const LEAF = Buffer.from(JSON.stringify({
  deposit: { mark: "on_time", name: "Dossier de stratégie", sha256: sha(Buffer.from("content")).toString("hex"), size: 7, version: 2 },
  salt: "5a17".repeat(16),
  seal: { as_of: "2020-02-13T22:00:00Z", moment: "deadline" },
  team: { deadline_at: "2020-02-13T22:00:00Z", name: "Com’unik", team: 3 },
}));

/** A proof of leaf `index` of a tree of `size`, by splitting at a power of two as RFC 9162 does. */
function proofOf(/** @type {number} */ index, /** @type {number} */ size) {
  const leaves = Array.from({ length: size }, (_, at) => (at === index ? LEAF : Buffer.from(`leaf ${at}`)));
  /** @param {Buffer[]} part @returns {Buffer} */
  const root = (part) => {
    if (part.length === 1) return sha(Buffer.of(0), part[0]);
    const k = splitAt(part.length);
    return sha(Buffer.of(1), root(part.slice(0, k)), root(part.slice(k)));
  };
  /** @param {number} at @param {Buffer[]} part @returns {{ path: Buffer[], nodes: Buffer[] }} */
  const way = (at, part) => {
    if (part.length === 1) return { path: [], nodes: [root(part)] };
    const k = splitAt(part.length);
    const [own, other] = at < k ? [part.slice(0, k), part.slice(k)] : [part.slice(k), part.slice(0, k)];
    const { path, nodes } = way(at < k ? at : at - k, own);
    return { path: [...path, root(other)], nodes: [...nodes, root(part)] };
  };
  const { path, nodes } = way(index, leaves);
  const hex = (/** @type {Buffer[]} */ list) => list.map((one) => one.toString("hex"));
  return {
    leaf: LEAF.toString("base64"), index, tree_size: size, path: hex(path), nodes: hex(nodes), root: root(leaves).toString("hex"),
    receipt: LEAF.toString(),
  };
}
const splitAt = (/** @type {number} */ length) => 2 ** Math.floor(Math.log2(length - 1));

function* flipped(/** @type {Buffer} */ bytes) {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = Buffer.from(bytes);
    altered[bit >> 3] ^= 1 << bit % 8;
    yield { bit, altered };
  }
}

const PROOF = proofOf(5, 11);
/** @type {typeof import("../../../hackathon/extras/proofs/static/js/proof.js")} */
let page;

before(async () => {
  open(`
    <main data-least="16" data-zone="Europe/Paris" data-short="short {digits} {least}" data-wrong="wrong, but {instants}" data-begins="begins {digits} {instant}"
        data-whole="whole" data-leaf-altered-at="leaf {from} {to} {field}" data-root-altered="root" data-same="same {name}" data-is_on_time="on time"
        data-other="other {name}" data-other-size="size {size} {received}" data-range="range {from} {to}">
      <input id="digest"><ul id="verdict"></ul><input id="files" type="file"><p id="reading"></p><ul id="files-verdict"></ul>
      <dl><div data-field="deposit.mark"><dt>Mark</dt><dd></dd></div><div data-field="team.name"><dt>Team</dt><dd></dd></div></dl>
    </main>
    <script id="proof" type="application/json">${JSON.stringify({
      proofs: [PROOF], blocks: { size: 4, digests: ["cont", "ent"].map((part) => sha(Buffer.from(part)).toString("hex")) },
    })}</script>`);
  page = await import("../../../hackathon/extras/proofs/static/js/proof.js");
});

test("SHA-256 is that of Node, in any pieces", () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7919) % 256));
  for (let length = 0; length < 300; length++) {
    const hash = new Sha256();
    for (let at = 0; at < length; at += 1 + (length % 70)) hash.update(bytes.subarray(at, Math.min(length, at + 1 + (length % 70))));
    assert.equal(hash.hex(), sha(bytes.subarray(0, length)).toString("hex"), `${length} bytes`);
  }
});

test("the root is that of the RFC, for each leaf of trees of 1 to 20", () => {
  for (let size = 1; size <= 20; size++) {
    for (let index = 0; index < size; index++) {
      const proof = proofOf(index, size);
      assert.equal(page.rootOf(proof), proof.root);
      assert.deepEqual(page.faultsOf(proof), []);
    }
  }
});

test("one bit of the leaf is named by its byte and its value", () => {
  const names = new Set();
  for (const { bit, altered } of flipped(LEAF)) {
    const proof = { ...PROOF, leaf: altered.toString("base64") };
    const at = bit >> 3;
    const [fault, ...others] = page.faultsOf(proof);
    assert.deepEqual([fault.what, fault.from, fault.to, others], ["leaf", at, at, []]);
    assert.notEqual(page.rootOf(proof), PROOF.root);
    names.add(fault.field);
  }
  assert.ok(["deposit.sha256", "deposit.name", "team.name", ".salt"].every((name) => names.has(name) || names.has(`deposit${name}`)));
});

test("one character of the receipt that is shown is named", () => {
  const at = LEAF.indexOf("on_time");
  const receipt = PROOF.receipt.replace("on_time", "in_time");
  assert.deepEqual(page.faultsOf({ ...PROOF, receipt }), [{ what: "receipt", from: at, to: at, field: "deposit.mark" }]);
  assert.equal(page.rootOf({ ...PROOF, receipt }), PROOF.root);
});

test("one bit of the path or of the root is named", () => {
  PROOF.path.forEach((sibling, step) => {
    for (const { altered } of flipped(Buffer.from(sibling, "hex"))) {
      const proof = { ...PROOF, path: PROOF.path.with(step, altered.toString("hex")) };
      assert.deepEqual(page.faultsOf(proof), [{ what: "path", step: step + 1 }]);
      assert.notEqual(page.rootOf(proof), PROOF.root);
    }
  });
  for (const { altered } of flipped(Buffer.from(PROOF.root, "hex"))) {
    assert.deepEqual(page.faultsOf({ ...PROOF, root: altered.toString("hex") }), [{ what: "root" }]);
  }
});

test("another index, size or length of the path gives another root", () => {
  for (const other of [{ index: 4 }, { tree_size: 5 }, { path: PROOF.path.slice(1) }, { path: [...PROOF.path, PROOF.root] }]) {
    assert.notEqual(page.rootOf({ ...PROOF, ...other }), PROOF.root);
    assert.notDeepEqual(page.faultsOf({ ...PROOF, ...other }), []);
  }
});

test("one bit of the file is named by its block, at the right place", async () => {
  const content = Buffer.from(Array.from({ length: 70 }, (_, at) => at * 3));
  const digests = [0, 16, 32, 48, 64].map((at) => sha(content.subarray(at, at + 16)).toString("hex"));
  const file = (/** @type {Buffer} */ bytes) => new Blob([new Uint8Array(bytes)]);
  assert.equal(await page.digestOf(file(content), () => {}), sha(content).toString("hex"));
  assert.deepEqual(await page.rangesOfFile(file(content), { size: 16, digests }), []);
  for (const { bit, altered } of flipped(content)) {
    const from = (bit >> 7) * 16;
    assert.deepEqual(await page.rangesOfFile(file(altered), { size: 16, digests }), [{ from, to: Math.min(from + 15, 69) }]);
    assert.notEqual(await page.digestOf(file(altered), () => {}), sha(content).toString("hex"));
  }
});

const verdict = () => Array.from(document.querySelectorAll("#verdict li"), (line) => line.textContent);
function type(/** @type {string} */ text) {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("#digest"));
  input.value = text;
  input.dispatchEvent(new Event("input"));
}

test("the digest is typed in groups, and its beginning is enough", () => {
  type("12 34");
  assert.deepEqual(verdict(), ["short 4 16"]);
  type("0".repeat(16));
  assert.deepEqual(verdict(), ["wrong, but jeudi 13 février 2020 à 23:00:00"]);
  type(PROOF.root.slice(0, 16).toUpperCase().replace(/(.{4})/g, "$1 "));
  assert.deepEqual(verdict(), ["begins 16 jeudi 13 février 2020 à 23:00:00"]);
  type(PROOF.root);
  assert.deepEqual(verdict(), ["whole"]);
});

test("the values of the receipt are shown", () => {
  assert.deepEqual(Array.from(document.querySelectorAll("dd"), (one) => one.textContent), ["on time", "Com’unik"]);
});
