// The texts of the page's language, written into the page by {% script_translations %}, and times in the edition's zone.

const block = document.getElementById("translations");
/** @type {Record<string, any>} */
export const translations = block ? JSON.parse(block.textContent) : {};

/**
 * A text with its placeholders filled in: translate("lost", { seconds: 3 }).
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export const translate = (name, values) => filled(translations[name], values);

/**
 * @param {string | undefined} text with placeholders as {name}
 * @param {Record<string, string | number>} [values]
 */
export const filled = (text = "", values = {}) => text.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));

const language = document.documentElement.lang || "fr";
const timeZone = document.body.dataset.timezone || undefined;

/** « 22:46 » in the edition's zone. @param {string | number} at ISO 8601 or epoch ms */
export const timeOf = (at) => format(at, { hour: "numeric", minute: "2-digit" });

/** « 22:46:18 ». @param {string | number} at ISO 8601 or epoch ms */
export const secondsOf = (at) =>
  format(at, { hour: "numeric", minute: "2-digit", second: "2-digit" });

/** @param {string | number} at @param {Intl.DateTimeFormatOptions} options */
function format(at, options) {
  const parts = new Intl.DateTimeFormat(language, { ...options, hourCycle: "h23", timeZone })
    .formatToParts(new Date(at));
  return parts.filter((part) => ["hour", "minute", "second"].includes(part.type))
    .map((part, index) => (index === 0 ? String(Number(part.value)) : part.value.padStart(2, "0"))).join(":");
}
