import assert from "node:assert/strict";
import { test } from "node:test";

import { Altered, contents, unlock } from "../../hackathon/static/js/container-format.js";

const CHUNK = 32;
const KEY = new Uint8Array(32).fill(7);
const KEY_TEXT = Buffer.from(KEY).toString("base64url");
const BRIEF = { title: "Épicerie", html: "<p>Bonjour</p>", attachments: [{ id: "a", size: 5, type: "text/plain" }] };

/** A container as hackathon/base/core/encryption.py writes it. */
async function locked(plain) {
  const header = new Uint8Array(24);
  header.set(new TextEncoder().encode("CCDPACK\u0001"));
  new DataView(header.buffer).setUint32(8, CHUNK);
  header.set([1, 2, 3, 4, 5, 6, 7], 12);
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt"]);
  const parts = [header];
  for (let number = 0, start = 0; start < plain.length; number += 1, start += CHUNK) {
    const iv = new Uint8Array(12);
    iv.set(header.subarray(12, 19));
    new DataView(iv.buffer).setUint32(7, number);
    iv[11] = start + CHUNK >= plain.length ? 1 : 0;
    const algorithm = { name: "AES-GCM", iv, additionalData: header };
    parts.push(new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain.subarray(start, start + CHUNK))));
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function brief() {
  const manifest = new TextEncoder().encode(JSON.stringify(BRIEF));
  const plain = new Uint8Array(4 + manifest.length + 5);
  new DataView(plain.buffer).setUint32(0, manifest.length);
  plain.set(manifest, 4);
  plain.set(new TextEncoder().encode("salut"), 4 + manifest.length);
  return locked(plain);
}

const read = (bytes) => async (start, end) => bytes.slice(start, end).buffer;

test("a container becomes its brief and its files", async () => {
  const bytes = await brief();

  const opened = await contents(await unlock(read(bytes), bytes.length, KEY_TEXT));

  assert.equal(opened.title, "Épicerie");
  assert.equal(await opened.attachments[0].file.text(), "salut");
});

test("any changed byte, a missing end, chunks in another order or twice, and another key are noticed", async () => {
  const bytes = await brief();
  const chunks = [];
  for (let at = 24; at < bytes.length; at += CHUNK + 16) chunks.push(bytes.slice(at, at + CHUNK + 16));
  const of = (...parts) => new Uint8Array(Buffer.concat([bytes.slice(0, 24), ...parts]));
  const [first, second, ...others] = chunks;
  const altered = [
    ...Array.from(bytes, (_, at) => bytes.slice(0, at)),
    ...Array.from(bytes, (byte, at) => bytes.with(at, byte ^ 4)),
    of(second, first, ...others),
    of(first, ...others),
    of(first, ...chunks),
    of(...chunks, chunks.at(-1)),
    new Uint8Array(Buffer.concat([bytes, Buffer.from("x")])),
  ];

  for (const each of altered) await assert.rejects(unlock(read(each), each.length, KEY_TEXT), Altered);
  const other = Buffer.from(KEY).fill(8).toString("base64url");
  await assert.rejects(unlock(read(bytes), bytes.length, other), Altered);
});
