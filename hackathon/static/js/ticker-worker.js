// The other side of ticker.js: says `id` after `ms` milliseconds.
self.addEventListener("message", ({ data: { id, ms } }) => setTimeout(() => self.postMessage(id), ms));
