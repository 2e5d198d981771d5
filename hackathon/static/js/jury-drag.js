// A finger that slides over the buttons of a scale chooses the one where it is lifted.

/**
 * @param {HTMLElement | null} line the buttons; each has its value in `data-to`
 * @param {{ isOff: () => boolean, preview: (value: string) => void, choose: (value: string) => void, giveUp: () => void }} scale
 */
export function followDrags(line, { isOff, preview, choose, giveUp }) {
  /** @type {HTMLElement | null} */
  let over = null;
  let isDrag = false;
  /** @param {PointerEvent} event */
  const button = ({ clientX, clientY }) => {
    const target = document.elementFromPoint(clientX, clientY)?.closest("[data-to]");
    return target && line?.contains(target) ? /** @type {HTMLElement} */ (target) : over;
  };
  line?.addEventListener("pointerdown", (event) => {
    isDrag = false;
    over = isOff() ? null : button(event);
  });
  line?.addEventListener("pointermove", (event) => {
    const now = over && button(event);
    if (!now || now === over) return;
    [over, isDrag] = [now, true];
    preview(now.dataset.to ?? "");
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) {
    line?.addEventListener(type, () => {
      if (isDrag && over) type === "pointercancel" ? giveUp() : choose(over.dataset.to ?? "");
      over = null;
    });
  }
  // The browser may report a tap on the first button too.
  line?.addEventListener("click", (event) => {
    if (!isDrag) return;
    isDrag = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
