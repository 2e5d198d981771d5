// Encrypts unsent changes for the server: only judging/scoring/sealed_changes.py can decrypt them (docs/decisions/0017).

const SHARED = new TextEncoder().encode("judging.sealed.shared");
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** @param {string} text base64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
/** @param {ArrayBuffer | Uint8Array} buffer */
const textOf = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));

/** Encrypt. @param {object} content @param {string} key the server's public key, base64 */
export async function seal(content, key) {
  const theirs = await crypto.subtle.importKey("raw", bytesOf(key), CURVE, false, []);
  const mine = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const shared = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: SHARED };
  const cipher = await crypto.subtle.deriveKey(hkdf, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  return {
    id: crypto.randomUUID(),
    point: textOf(await crypto.subtle.exportKey("raw", mine.publicKey)),
    nonce: textOf(iv),
    data: textOf(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, cipher, plain)),
  };
}
