// Keys of the ceremony's remote on a laptop: arrows, and what a presenter's clicker sends.

/** @type {Record<string, string>} */
const KEYS = {
  ArrowRight: ".remote-next", PageDown: ".remote-next",
  ArrowLeft: ".remote-back", PageUp: ".remote-back",
  b: ".remote-blank", ".": ".remote-blank",
};
/** While a deck has pages a clicker turns them: a speaker must not leave the passage. @type {Record<string, string>} */
const PAGE_KEYS = { PageDown: ".remote-page-next", PageUp: ".remote-page-back" };

document.addEventListener("keydown", (event) => {
  const selector = KEYS[event.key];
  if (!selector || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const turns = PAGE_KEYS[event.key] && document.querySelector(PAGE_KEYS[event.key]);
  (turns || document.querySelector(selector))?.click(); // a disabled button does nothing
});
