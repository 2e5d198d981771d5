// The worker of ticker.js: posts `id` back after `ms` milliseconds.
self.addEventListener("message", ({ data: { id, ms } }) => setTimeout(() => self.postMessage(id), ms));
