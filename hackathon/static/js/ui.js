// Small manners: dialogs, menus, copying, drop areas, marks, the theme switch, windows that light up.

import { say, words } from "./words.js";

/** « 8,4 Mo », as the server's filesize_fr writes it. */
export function sizeOf(bytes) {
  const units = words.bytes ?? ["octets", "ko", "Mo", "Go"];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  const rounded = value < 100 && unit ? Math.round(value * 10) / 10 : Math.round(value);
  return `${String(rounded).replace(".", words.decimal ?? ",")}\u202f${units[unit]}`;
}

function onClick(event) {
  const target = event.target.closest("[data-opens], [data-closes], [data-copy], [data-theme-choice], button[data-step]");
  if (!target) return;
  const { opens, copy, themeChoice, step } = target.dataset;
  if (opens) document.getElementById(opens)?.showModal();
  else if (copy) copyText(target, copy);
  else if (themeChoice) chooseTheme(themeChoice);
  else if (step) stepMark(target, Number(step));
  else if ("closes" in target.dataset) target.closest("dialog")?.close();
}

async function copyText(button, selector) {
  const source = document.querySelector(selector);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    const before = button.innerHTML;
    button.textContent = say("copied");
    setTimeout(() => { button.innerHTML = before; }, 1600);
  } catch {
    // Not allowed here (plain http): select it, so that the keyboard can.
    getSelection().selectAllChildren(source);
  }
}

function chooseTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Not kept for the next page; it holds for this one.
  }
  showTheme();
}

function showTheme() {
  const theme = document.documentElement.dataset.theme ?? "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

// The stepper goes to the neighbouring mark; with none chosen it starts in the middle.
function stepMark(button, step) {
  const marks = [...button.closest("[data-marks]").querySelectorAll("input[type=radio]")];
  const chosen = marks.findIndex((mark) => mark.checked);
  const next = chosen < 0 ? Math.floor(marks.length / 2) : chosen + step;
  if (!marks[next]) return;
  marks[next].checked = true;
  marks[next].dispatchEvent(new Event("change", { bubbles: true }));
}

function onChange(event) {
  const input = event.target;
  const area = input.closest?.("[data-drop]");
  if (!area || input.type !== "file") return;
  const chosen = area.querySelector("[data-drop-chosen]");
  const files = [...input.files];
  area.classList.toggle("is-chosen", files.length > 0);
  area.querySelector("[data-drop-words]").hidden = files.length > 0;
  chosen.hidden = files.length === 0;
  chosen.textContent = files.map((file) => `${file.name} · ${sizeOf(file.size)}`).join(", ");
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
  }
}

// A window whose state changed with a swap glows once.
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
  for (const dialog of document.querySelectorAll("dialog[data-open-now]")) {
    delete dialog.dataset.openNow;
    dialog.showModal();
  }
}

export function start() {
  // On a phone the bar may be longer than the screen: the page one is on is in sight.
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  // A form that came back: one goes on where something is to be mended.
  document.querySelector("main [aria-invalid=true]")?.focus();
  document.addEventListener("click", onClick);
  document.addEventListener("click", closeMenus);
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(event));
  for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(type, (event) => {
      event.target.closest?.("[data-drop]")?.classList.toggle("is-over", over);
    });
  }
  // A click on the backdrop closes a dialog, as everywhere else.
  document.addEventListener("mousedown", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.open && outside(event)) event.target.close();
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    rememberWindows();
    openDialogs();
  });
  // Without the chosen file's form being sent twice by a tired double click
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.matches("[hx-post], [hx-get]")) return;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  showTheme();
  rememberWindows();
  openDialogs();
}

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
