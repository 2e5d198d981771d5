// The title of the tab: how much is sent, the clock, and the page.

const page = document.title;
const before = { sending: "", clock: "" };

/** @param {keyof typeof before} name @param {string} text empty: nothing */
export function titlePart(name, text) {
  before[name] = text;
  const wanted = [before.sending, before.clock, page].filter(Boolean).join(" · ");
  if (document.title !== wanted) document.title = wanted;
}
