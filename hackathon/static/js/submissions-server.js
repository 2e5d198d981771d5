// The server's answers about an upload (tus 1.0.0) in one shape. Only an answer with a `receipt` means received.

import { csrfToken } from "./csrf.js";

/**
 * @typedef {object} Answer
 * @property {number} status 0 if no answer came
 * @property {string} [code]
 * @property {string} [detail]
 * @property {number} [offset] bytes that are durable on the server
 * @property {Receipt} [receipt] if the upload has been received
 * @property {boolean} [away] the proxy answered: the host that has the upload does not
 */
/** @typedef {{ id: string | null, version: string, receivedAt: number, code: string }} Receipt */

const TIMEOUT = 30_000; // ms; the server waits 20 s for the rest of a broken connection

const ENDPOINT = new URL("/uploads/", location.href).href;
// Each chunk is made durable and answered, so that an expired session shows soon, and that a proxy that buffers whole
// requests passes them on. Bytes of an interrupted chunk are kept too.
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * @param {number} status
 * @param {(name: string) => string | null | undefined} header
 * @returns {Answer}
 */
function meaning(status, header, body = "") {
  // Not from the site but e.g. the sign-in page of a Wi-Fi network; 413 and 502 may come from the site's own proxy.
  if (!header("Tus-Resumable") && status < 500 && status !== 413) return { status: 0 };
  /** @type {Answer} */
  const answer = { status, ...problemOf(body) };
  if (header("Upload-Host") === "away") answer.away = true;
  if (header("Upload-Offset")) answer.offset = Number(header("Upload-Offset"));
  if (status < 300 && header("Submission-Received-At")) {
    answer.receipt = {
      id: header("Submission-Id") ?? null,
      version: header("Submission-Version") ?? "",
      receivedAt: Date.parse(header("Submission-Received-At") ?? ""),
      code: header("Receipt-Code") ?? "",
    };
  }
  return answer;
}

/** @param {string} body */
function problemOf(body) {
  try {
    const { code, detail } = JSON.parse(body);
    return { code, detail };
  } catch {
    return {};
  }
}

/** @param {string} method @param {string} url @returns {Promise<Answer>} */
async function request(method, url, headers = {}) {
  try {
    const answer = await fetch(url, {
      method,
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": csrfToken(), ...headers },
      cache: "no-store",
      keepalive: method === "DELETE",
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    return meaning(answer.status, (name) => answer.headers.get(name), await answer.text());
  } catch {
    return { status: 0 };
  }
}

/**
 * How far an upload is, and whether it may go on. The answer to HEAD has no body, and an answer to PATCH may be lost
 * while bytes are still sent, so an empty PATCH asks first.
 * @param {string} url
 * @param {number} size bytes
 */
export async function ask(url, size) {
  const head = await request("HEAD", url);
  if (head.receipt || head.away || ![200, 422, 503].includes(head.status)) return head;
  const offset = head.offset ?? size;
  const answer = await request("PATCH", url, {
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offset),
  });
  return { offset, ...answer };
}

/** Delete an upload. If it was received before, the answer has its receipt. @param {string} url @param {number} size */
export async function giveUp(url, size) {
  const answer = await request("DELETE", url);
  return answer.code === "received" ? ask(url, size) : answer;
}

/**
 * Send a file with tus-js-client: what is missing at `url`, or to a new upload. It does not retry by itself.
 * @param {File} file
 * @param {{ deliverable: string, team: string, name: string, type: string, attempt: string }} record
 * @param {string | null} url
 * @param {object} on
 * @param {(upload: any) => void} on.opened
 * @param {(bytes: number) => void} on.progressed sent
 * @param {(bytes: number) => void} on.reached durable on the server
 * @param {(answer: Answer) => void} on.answered
 */
export function startUpload(file, { deliverable, team, name, type, attempt }, url, on) {
  /** @param {any} answer @returns {Answer} */
  const meaningOf = (answer) =>
    answer ? meaning(answer.getStatus(), (header) => answer.getHeader(header), answer.getBody()) : { status: 0 };
  const upload = new window.tus.Upload(file, {
    // With both it would begin another upload wherever one cannot go on.
    endpoint: url ? null : ENDPOINT,
    uploadUrl: url,
    chunkSize: CHUNK_BYTES,
    retryDelays: null,
    storeFingerprintForResuming: false,
    // `team`, since somebody else may have signed in. `key`, so that a second request after a lost answer does not begin
    // another upload, at a later instant.
    metadata: { deliverable, team, key: attempt, filename: name, filetype: type },
    onBeforeRequest: (/** @type {any} */ request) => request.setHeader("X-CSRFToken", csrfToken()),
    onUploadUrlAvailable: () => on.opened(upload),
    onProgress: (/** @type {number} */ sent) => on.progressed(sent),
    onChunkComplete: (/** @type {number} */ _size, /** @type {number} */ accepted) => on.reached(accepted),
    onSuccess: (/** @type {any} */ { lastResponse }) => on.answered(meaningOf(lastResponse)),
    onError: (/** @type {any} */ error) => on.answered(meaningOf(error.originalResponse)),
  });
  upload.start();
  return upload;
}
