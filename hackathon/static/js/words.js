// The words of the page's language, written into the page by {% words %}.

const block = document.getElementById("words");
export const words = block ? JSON.parse(block.textContent) : {};

/** A word with its blanks filled in: say("lost", { seconds: 3 }). */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

const language = document.documentElement.lang || "fr";
const timeZone = document.body.dataset.timezone || undefined;

/** « 22:46 », in the edition's zone whatever the laptop's is. */
export const timeOf = (at) => format(at, { hour: "numeric", minute: "2-digit" });

/** « 22:46:18 ». */
export const secondsOf = (at) =>
  format(at, { hour: "numeric", minute: "2-digit", second: "2-digit" });

function format(at, options) {
  const parts = new Intl.DateTimeFormat(language, { ...options, hourCycle: "h23", timeZone })
    .formatToParts(new Date(at));
  return parts.filter((p) => ["hour", "minute", "second"].includes(p.type))
    .map((p, i) => (i === 0 ? String(Number(p.value)) : p.value.padStart(2, "0"))).join(":");
}
