// Decrypts a package in a worker, so that the page stays responsive.

import { contents, unlock } from "./container-format.js";
import { reader } from "./container-store.js";

self.addEventListener("message", async ({ data: { piece, key } }) => {
  try {
    self.postMessage({ contents: await contents(await unlock(await reader(piece), piece.size, key)) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
});
