// The remote on a laptop: the arrow keys, and what a presenter's clicker sends.

const KEYS = {
  ArrowRight: ".remote-next", PageDown: ".remote-next",
  ArrowLeft: ".remote-back", PageUp: ".remote-back",
  b: ".remote-blank", ".": ".remote-blank",
};

document.addEventListener("keydown", (event) => {
  const wanted = KEYS[event.key];
  if (!wanted || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  document.querySelector(wanted)?.click(); // a disabled button does nothing
});
