/** Decrypt a stored package in a worker. @param {import("./container-store.js").Stored} piece @param {string} key @returns {Promise<any>} */
export function openApart(piece, key) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./container-worker.js", import.meta.url), { type: "module" });
    /** @param {(value: any) => void} act @param {unknown} value */
    const end = (act, value) => {
      worker.terminate();
      act(value);
    };
    worker.addEventListener("message", ({ data }) => (data.error ? end(reject, data.error) : end(resolve, data.contents)));
    worker.addEventListener("error", (event) => end(reject, event.message));
    worker.postMessage({ piece, key });
  });
}
