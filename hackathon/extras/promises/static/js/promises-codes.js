// The code of a promise that is read aloud and typed: five lines of eight letters. hackathon/extras/promises/codes.py reads it.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's
const LINES = 5;
const LETTERS = 7; // of a line, without the one that checks it

/** @typedef {{ team: number, deliverable: number, size: number, clock: number, digest: string }} Promised `clock` in seconds */

/** Empty if a number has no place in it. @param {Promised} promised @returns {string} lines of two groups */
export function codeOf({ team, deliverable, size, clock, digest }) {
  const parts = [[team, 20], [deliverable, 20], [size, 36], [clock % 2 ** 19, 19]];
  if (parts.some(([value, bits]) => value >= 2 ** bits)) return "";
  let number = 0n;
  for (const [value, bits] of parts) number = (number << BigInt(bits)) | BigInt(value);
  number = (number << 80n) | BigInt(`0x${digest.slice(0, 20)}`);
  /** @type {number[]} */
  const values = [];
  for (let place = LINES * LETTERS - 1; place >= 0; place--) values.push(Number((number >> BigInt(5 * place)) & 31n));
  const lines = Array.from({ length: LINES }, (_, line) => lineOf(line, values.slice(LETTERS * line, LETTERS * (line + 1))));
  return lines.join("\n");
}

/** @param {number} line @param {number[]} values */
function lineOf(line, values) {
  const check = [...values, 0].reduce((sum, value) => (sum << 1) ^ (sum & 16 ? 0x25 : 0) ^ value, line + 1);
  const letters = [...values, check].map((value) => ALPHABET[value]).join("");
  return `${letters.slice(0, 4)} ${letters.slice(4)}`;
}
