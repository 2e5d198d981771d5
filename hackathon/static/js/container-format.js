// Decrypts a container: decision 16 describes the format, hackathon/base/core/containers.py the content. Runs in a worker; one
// chunk at a time is in memory.

const HEADER = 24;
const TAG = 16;
const CHUNK_MAX = 1 << 24;
const MAGIC = "CCDPACK\u0001";

export class Altered extends Error {}

/** @param {string} text base64url */
function keyOf(text) {
  const raw = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
}

/** @param {Uint8Array} prefix @param {number} number of the chunk @param {boolean} isLast */
function nonceOf(prefix, number, isLast) {
  const nonce = new Uint8Array(12);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(7, number);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/**
 * The decrypted content. Throws `Altered` if the package is not what was encrypted with this key.
 * @param {(start: number, end: number) => Promise<ArrayBuffer>} read bytes of the package
 * @param {number} size of the package
 * @param {string} keyText base64url
 */
export async function unlock(read, size, keyText) {
  const key = await keyOf(keyText);
  const header = new Uint8Array(await read(0, Math.min(HEADER, size)));
  if (header.length < HEADER || String.fromCharCode(...header.subarray(0, 8)) !== MAGIC) throw new Altered();
  const chunk = new DataView(header.buffer).getUint32(8);
  if (chunk < 1 || chunk > CHUNK_MAX || size <= HEADER) throw new Altered();
  const prefix = header.subarray(12, 19);
  const plain = [];
  for (let number = 0, start = HEADER; start < size; number += 1, start += chunk + TAG) {
    const end = Math.min(start + chunk + TAG, size);
    const algorithm = { name: "AES-GCM", iv: nonceOf(prefix, number, end === size), additionalData: header };
    try {
      plain.push(new Blob([await crypto.subtle.decrypt(algorithm, key, await read(start, end))]));
    } catch {
      throw new Altered();
    }
  }
  return new Blob(plain);
}

/**
 * The manifest of the decrypted content: texts and attachments, each with its `file`, a part of the Blob.
 * @param {Blob} blob
 */
export async function contents(blob) {
  const length = new DataView(await blob.slice(0, 4).arrayBuffer()).getUint32(0);
  const manifest = JSON.parse(await blob.slice(4, 4 + length).text());
  let start = 4 + length;
  for (const attachment of manifest.attachments) {
    attachment.file = blob.slice(start, start + attachment.size, attachment.type);
    start += attachment.size;
  }
  return manifest;
}
