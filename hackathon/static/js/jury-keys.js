// The buttons of a scale are one tab stop: the pressed number, or the first one. The arrows go from button to button, and
// Delete removes the mark.

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Returns the function to call when another number is pressed.
 * @param {HTMLElement} scale
 */
export function useArrows(scale) {
  const line = scale.querySelector("[data-line]");
  if (!line) return () => {};
  const numbers = /** @type {HTMLElement[]} */ ([...line.querySelectorAll("[data-to]")]);
  const all = /** @type {HTMLElement[]} */ ([...numbers, ...["[data-half]", "[data-guidance]"].flatMap((kind) => [...scale.querySelectorAll(kind)])]);
  const clear = /** @type {HTMLElement | null} */ (scale.querySelector(".scale-clear"));
  if (clear) clear.tabIndex = -1; // the field and the key Delete do the same

  /** @param {HTMLElement} stop */
  const stopAt = (stop) => all.forEach((button) => { button.tabIndex = button === stop ? 0 : -1; });
  const settle = () => {
    if (all.some((button) => button === document.activeElement)) return; // that one is the stop
    stopAt(numbers.find((button) => button.getAttribute("aria-pressed") === "true") ?? numbers[0]);
  };

  /** Focus this button or the next one that takes the focus: some are hidden. @param {number} index @param {number} step */
  const focusFrom = (index, step) => {
    for (let turn = 0; turn < all.length; turn += 1) {
      const button = all[(index + turn * step + 2 * all.length) % all.length];
      button.focus();
      if (document.activeElement === button) return;
    }
  };
  line.setAttribute("role", "toolbar");
  for (const [index, button] of all.entries()) {
    button.addEventListener("focus", () => stopAt(button));
    button.addEventListener("blur", settle);
    button.addEventListener("keydown", (event) => {
      const { key } = event;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (key in STEPS) focusFrom(index + STEPS[key], STEPS[key]);
      else if (key === "Home") focusFrom(0, 1);
      else if (key === "End") focusFrom(numbers.length - 1, -1);
      else if (key === "Delete" || key === "Backspace") clear?.click();
      else return;
      event.preventDefault(); // the page would scroll
    });
  }
  return settle;
}
