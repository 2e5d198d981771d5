// Dialogs, menus, copying, drop areas, steppers, the theme switch, windows that light up.

import { around, one } from "./dom.js";
import { translate, translations } from "./translations.js";

const BUSY = 8000; // ms

/** « 8,4 Mo », as the server's size_text. @param {number} bytes */
export function sizeOf(bytes) {
  const units = translations.bytes ?? ["octets", "ko", "Mo", "Go"];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  const rounded = value < 100 && unit ? Math.round(value * 10) / 10 : Math.round(value);
  return `${String(rounded).replace(".", translations.decimal ?? ",")}\u202f${units[unit]}`;
}

/** @param {Event} event */
function onClick(event) {
  const target = around(event, "[data-opens], [data-closes], [data-copy], [data-theme-choice], [data-print], [data-share], button[data-step]");
  if (!target) return;
  const { opens, copy, themeChoice, step } = target.dataset;
  if (opens) {
    target.closest("details.menu")?.removeAttribute("open");
    one(`#${CSS.escape(opens)}`, document, HTMLDialogElement).showModal();
  }
  else if (copy) copyText(target, copy);
  else if (target.dataset.share) navigator.share({ url: one(target.dataset.share).textContent.trim() }).catch(() => {}); // closed
  else if (themeChoice) chooseTheme(themeChoice);
  else if ("print" in target.dataset) window.print();
  else if (step) stepMark(target, Number(step));
  else if ("closes" in target.dataset) target.closest("dialog")?.close();
}

/** @param {HTMLElement} button @param {string} selector */
async function copyText(button, selector) {
  const source = document.querySelector(selector);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    const before = button.innerHTML;
    button.textContent = translate("copied");
    setTimeout(() => { button.innerHTML = before; }, 1600);
  } catch {
    // Not allowed on plain http: select it for Ctrl+C.
    getSelection()?.selectAllChildren(source);
  }
}

/** @param {string} theme */
function chooseTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice is only for this page.
  }
  showTheme();
}

function showTheme() {
  const theme = document.documentElement.dataset.theme ?? "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

/** Choose the neighbouring radio button, or the one in the middle. @param {HTMLElement} button @param {number} step */
function stepMark(button, step) {
  const group = button.closest("[data-marks]");
  /** @type {HTMLInputElement[]} */
  const marks = group ? [...group.querySelectorAll("input")].filter(({ type }) => type === "radio") : [];
  const chosen = marks.findIndex((mark) => mark.checked);
  const next = chosen < 0 ? Math.floor(marks.length / 2) : chosen + step;
  if (!marks[next]) return;
  marks[next].checked = true;
  marks[next].dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {Event} event */
function onChange(event) {
  const input = event.target;
  const area = around(event, "[data-drop]");
  if (!area || !(input instanceof HTMLInputElement) || input.type !== "file") return;
  const chosen = one("[data-drop-chosen]", area);
  const files = [...(input.files ?? [])];
  area.classList.toggle("is-chosen", files.length > 0);
  one("[data-drop-words]", area).hidden = files.length > 0;
  chosen.hidden = files.length === 0;
  chosen.textContent = files.map((file) => `${file.name} · ${sizeOf(file.size)}`).join(", ");
}

/** @param {Event} event */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details")) {
    if (!menu.open || !menu.classList.contains("menu")) continue;
    if (event.type === "keydown" || !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Escape") closeMenus(event);
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
  const link = document.querySelector("[data-find]");
  if (!(link instanceof HTMLElement)) return;
  event.preventDefault();
  link.click();
}

/** @type {Map<string | undefined, string | undefined>} a window whose state changes glows once */
const states = new Map();
function rememberWindows() {
  for (const pane of document.querySelectorAll("[data-window-key]")) {
    const { windowKey, windowState } = pane.dataset;
    const before = states.get(windowKey);
    if (before && before !== windowState && windowState !== "nothing") pane.classList.add("is-new");
    states.set(windowKey, windowState);
  }
}

function openDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    if (!("openNow" in dialog.dataset)) continue;
    delete dialog.dataset.openNow;
    dialog.showModal();
  }
}

/** Only where the system can share; the server's version of a part hides it again. */
function showShares() {
  if (!("share" in navigator)) return;
  for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
}

export function start() {
  showShares();
  document.body.addEventListener("live:refetched", showShares);
  // On a phone the navigation may be wider than the screen: scroll to the current page.
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const part of document.querySelectorAll("details")) {
    if ("closedOnPhones" in part.dataset) part.open = !matchMedia("(width < 720px)").matches;
  }
  // A form with errors: start at the first one.
  document.querySelector("main [aria-invalid=true]")?.focus();
  document.addEventListener("click", onClick);
  document.addEventListener("click", closeMenus);
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey);
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      around(event, "[data-drop]")?.classList.toggle("is-over", type === "dragover");
    });
  }
  // A click on the backdrop closes a dialog.
  document.addEventListener("mousedown", (event) => {
    const dialog = event.target;
    if (dialog instanceof HTMLDialogElement && dialog.open && isOutside(dialog, event)) dialog.close();
  });
  // A fetched part no longer has the button whose answer comes now. What it inherited is gone: the target has it too.
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.requestConfig.elt.isConnected) detail.swapOverride ??= detail.target.getAttribute("hx-swap");
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    rememberWindows();
    openDialogs();
  });
  // A double click must not send a form twice. Where the response is a file, the page and its buttons stay; a form with
  // [data-long] is busy until its answer replaces the page.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.target.matches("[hx-post], [hx-get], [method=dialog]")) return;
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") event.preventDefault();
    button?.setAttribute("aria-busy", "true");
    if (!event.target.hasAttribute("data-long")) setTimeout(() => button?.removeAttribute("aria-busy"), BUSY);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  showTheme();
  rememberWindows();
  openDialogs();
}

/** @param {Element} element @param {MouseEvent} event */
function isOutside(element, { clientX: x, clientY: y }) {
  const box = element.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
