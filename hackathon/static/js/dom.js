// Elements that scripts look for, with their types.

/**
 * The element that must be there.
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @param {{ new (): E }} [type]
 * @returns {E}
 */
export function one(selector, within = document, type) {
  const element = within.querySelector(selector);
  if (!(element instanceof (type ?? Element))) throw new Error(`missing element: ${selector}`);
  return /** @type {any} */ (element);
}

/**
 * A copy of what a template contains.
 * @param {string} selector
 * @param {ParentNode} [within]
 */
export function copyOf(selector, within = document) {
  const content = one(selector, within, HTMLTemplateElement).content.firstElementChild;
  return /** @type {HTMLElement} */ (content?.cloneNode(true));
}

/**
 * The nearest matching element around the target of an event.
 * @param {Event} event
 * @param {string} selector
 */
export const around = (event, selector) =>
  event.target instanceof Element ? event.target.closest(selector) : null;

/**
 * Write a text only if it is another one: screen readers announce each change.
 * @param {Element | null | undefined} element
 * @param {string} text
 */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
