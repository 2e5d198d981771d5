// Sends files with tus-js-client: `node client.mjs < job.json`, where the job is
// {endpoint, token, deliverable, files: [{path, chunkSize}]}. Prints one JSON line each.
import { createReadStream, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const job = JSON.parse(readFileSync(0, "utf8"));

function send({ path, chunkSize }) {
  return new Promise((resolve) => {
    let retries = 0;
    const upload = new Upload(createReadStream(path), {
      endpoint: job.endpoint,
      chunkSize: chunkSize ?? Number.POSITIVE_INFINITY,
      retryDelays: Array(500).fill(5),
      headers: { Authorization: `Token ${job.token}` },
      metadata: {
        deliverable: String(job.deliverable),
        filename: basename(path),
        filetype: "application/pdf",
      },
      onShouldRetry(error) {
        retries += 1;
        const status = error.originalResponse?.getStatus() ?? 0;
        return status < 400 || status >= 500 || [408, 409, 423].includes(status);
      },
      onError: (error) => resolve({ path, error: String(error), retries }),
      onSuccess: ({ lastResponse }) =>
        resolve({ path, url: upload.url, receipt: lastResponse?.getHeader("Receipt-Code"), retries }),
    });
    upload.start();
  });
}

for (const result of await Promise.all(job.files.map(send))) console.log(JSON.stringify(result));
