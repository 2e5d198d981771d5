// What the server says of an upload (tus 1.0.0), in one shape whoever asked: `status` is 0 for no answer, and
// `receipt` is there only if the upload has been received. Nothing else may ever be taken for a yes.

const PATIENCE = 30_000; // ms: the server itself waits twenty seconds for a connection that still drains

const ENDPOINT = new URL("/uploads/", location.href).href;
// Each chunk is made durable and answered: a lost session or a closed window shows soon, and a proxy that
// holds requests back until they are whole still sees one end. Bytes of a chunk that breaks are kept too.
const CHUNK_BYTES = 8 * 1024 * 1024;

/** The cookie rotates when somebody signs in, in whichever tab: it is read for each request. */
export const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

/** `header(name)` and `body` of an answer as what it means. */
function meaning(status, header, body = "") {
  // Somebody else than our server: the sign-in page of a Wi-Fi. A proxy of ours has its own 413 and 502.
  if (!header("Tus-Resumable") && status < 500 && status !== 413) return { status: 0 };
  const answer = { status, ...problemOf(body) };
  if (header("Upload-Offset")) answer.offset = Number(header("Upload-Offset"));
  if (status < 300 && header("Submission-Received-At")) {
    answer.receipt = {
      id: header("Submission-Id"),
      version: header("Submission-Version"),
      receivedAt: Date.parse(header("Submission-Received-At")),
      code: header("Receipt-Code") ?? "",
    };
  }
  return answer;
}

function problemOf(body) {
  try {
    const { code, detail } = JSON.parse(body);
    return { code, detail };
  } catch {
    return {};
  }
}

async function request(method, url, headers = {}) {
  try {
    const answer = await fetch(url, {
      method,
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": csrfToken(), ...headers },
      cache: "no-store",
      keepalive: method === "DELETE",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    return meaning(answer.status, (name) => answer.headers.get(name), await answer.text());
  } catch {
    return { status: 0 };
  }
}

/**
 * How far an upload of `size` bytes is, and whether it may go on. The answer to HEAD has no words, and one
 * given while bytes are still going out may never be heard: a PATCH of nothing asks before they do.
 */
export async function ask(url, size) {
  const head = await request("HEAD", url);
  if (head.receipt || ![200, 422].includes(head.status)) return head;
  const offset = head.offset ?? size;
  const answer = await request("PATCH", url, {
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offset),
  });
  return { offset, ...answer };
}

/** Give an upload up. What has been received stays received, and is said so. */
export async function giveUp(url, size) {
  const answer = await request("DELETE", url);
  return answer.code === "received" ? ask(url, size) : answer;
}

/**
 * Send `file` with tus-js-client: to `url` what is missing there, or to a new upload. It never tries again by
 * itself. `on` hears: opened(upload), progressed(bytes), reached(bytes, durable), answered(what was said).
 */
export function carry(file, { deliverable, team, name, type, attempt }, url, on) {
  const heard = (answer) =>
    answer ? meaning(answer.getStatus(), (header) => answer.getHeader(header), answer.getBody()) : { status: 0 };
  const upload = new window.tus.Upload(file, {
    // With an endpoint beside an address it would begin another upload wherever one cannot go on.
    endpoint: url ? null : ENDPOINT,
    uploadUrl: url,
    chunkSize: CHUNK_BYTES,
    retryDelays: null,
    storeFingerprintForResuming: false,
    // Whose it is: somebody else may have signed in since. And which it is: if the answer to the first
    // request is lost the second begins nothing new, and not later.
    metadata: { deliverable, team, key: attempt, filename: name, filetype: type },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrfToken()),
    onUploadUrlAvailable: () => on.opened(upload),
    onProgress: (sent) => on.progressed(sent),
    onChunkComplete: (_size, accepted) => on.reached(accepted),
    onSuccess: ({ lastResponse }) => on.answered(heard(lastResponse)),
    onError: (error) => on.answered(heard(error.originalResponse)),
  });
  upload.start();
  return upload;
}
