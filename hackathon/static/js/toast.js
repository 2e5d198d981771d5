// Toasts: news, and actions that failed.

import { translate } from "./translations.js";

const CLOSE = "M18 6l-12 12M6 6l12 12";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Show a toast. `html` must be sanitised by the server. Without `seconds` it stays until it is closed. */
export function toast({ head = "", html = "", text = "", kind = "", seconds = 0, about = "" }) {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  dismiss(about);
  const box = make("div", `toast ${kind && `is-${kind}`}`);
  box.dataset.about = about;
  if (head) box.append(make("p", "toast-head", head));
  const body = make("div", "toast-body prose", text);
  if (html) body.innerHTML = html;
  const close = make("button", "toast-close");
  close.type = "button";
  close.setAttribute("aria-label", translate("close"));
  close.title = translate("close");
  close.innerHTML = `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true"><path d="${CLOSE}"/></svg>`;
  close.addEventListener("click", () => box.remove());
  box.append(body, close);
  region.append(box);
  while (region.children.length > 3) region.firstElementChild?.remove();
  if (seconds) setTimeout(() => box.remove(), seconds * 1000);
}

const OVERLAP = 10_000; // as in live/messages.py
const SHOWN = "toasts-shown"; // in sessionStorage: the next page does not show the same one again

/**
 * Whether a message of this instant is to be shown: once per tab, and not if it is older than the page.
 * @param {string | undefined} at ISO 8601
 * @param {string} key
 */
export function isNews(at, key) {
  if (Date.parse(at) < Number(document.body.dataset.now) - OVERLAP) return false;
  try {
    const shown = JSON.parse(sessionStorage.getItem(SHOWN) ?? "[]");
    if (shown.includes(key)) return false;
    sessionStorage.setItem(SHOWN, JSON.stringify([...shown, key].slice(-100)));
  } catch {
    // Without storage the next page may show it again.
  }
  return true;
}

/** Remove the toasts with this `about`. @param {string} about */
export function dismiss(about) {
  if (about) document.querySelectorAll(`.toast[data-about="${CSS.escape(about)}"]`).forEach((box) => box.remove());
}

export function start() {
  const failures = { "htmx:sendError": "failed", "htmx:timeout": "failed", "htmx:responseError": "refused" };
  for (const [type, word] of /** @type {[`htmx:${string}`, string][]} */ (Object.entries(failures))) {
    document.body.addEventListener(type, (event) => {
      // Not for parts that fetch themselves: they try again, and the connection's state is shown already.
      const cause = event.detail.requestConfig?.triggeringEvent?.type ?? "";
      if (cause.startsWith("live:") || cause === "load" || cause === "") return;
      toast({ text: translate(word), kind: "error", seconds: 8 });
    });
  }
}
