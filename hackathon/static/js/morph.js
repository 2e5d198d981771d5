// Changes an element into another one, but keeps what the person did: focus, typed text, what is open, what plays
// (docs/decisions/0023-own-morph.md says why this is not idiomorph).

const KEPT_OPEN = new Set(["DETAILS", "DIALOG"]);
const HAS_TEMPLATE = "template, :has(template)";
const NAMED = "[id], a[href], form[action], [name]";

/**
 * Change `old` into `fresh`, whose nodes may be moved out of it.
 * @param {Element} old
 * @param {Element} fresh
 */
export function morph(old, fresh) {
  // The person has opened it, and it is fetched by itself (parts.js).
  if (old instanceof HTMLElement && old.dataset.src && !(fresh instanceof HTMLElement && fresh.dataset.src)) return;
  // isEqualNode does not compare what templates contain.
  if (isBusy(old) || (old.isEqualNode(fresh) && !fresh.matches(HAS_TEMPLATE))) return;
  // Filled by scripts or by requests of its own.
  if (fresh.matches("[hx-preserve], [data-src]") && isEmpty(fresh)) return;
  // Another thing in the same place: nothing that the person did belongs to it.
  if (old.getAttribute("data-key") !== fresh.getAttribute("data-key")) return void old.replaceWith(fresh);
  const chosen = old instanceof HTMLSelectElement && isTouched(old) ? old.value : null;
  attributes(old, fresh);
  children(old, fresh);
  if (old instanceof HTMLTemplateElement) old.innerHTML = fresh.innerHTML;
  if (chosen !== null) /** @type {HTMLSelectElement} */ (old).value = chosen;
}

/** @param {Element} element */
export const isEmpty = (element) => !element.innerHTML.trim();

/** An open dialog or a playing film: not changed. @param {Element} element */
function isBusy(element) {
  return (element instanceof HTMLDialogElement && element.open) || (element instanceof HTMLMediaElement && !element.paused);
}

/** @param {Element} old @param {Element} fresh */
function attributes(old, fresh) {
  // `style` is only set by scripts, since the content security policy forbids it in pages; `open` by the person.
  /** @param {string} name */
  const isKept = (name) => name === "style" || (name === "open" && KEPT_OPEN.has(old.tagName));
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isKept(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!isKept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** @param {Element} old @param {Element} fresh */
function children(old, fresh) {
  const pairs = pair([...old.childNodes], [...fresh.childNodes]);
  const stay = new Set(pairs.map(([, match]) => match).filter(Boolean));
  for (const node of [...old.childNodes]) if (!stay.has(node) && !holdsWork(node)) node.remove();
  let cursor = old.firstChild;
  for (const [node, match] of pairs) {
    while (cursor && !stay.has(cursor)) cursor = cursor.nextSibling; // unsent work, left in its place
    if (!match) {
      old.insertBefore(node, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else move(old, match, cursor);
    if (match instanceof Element) morph(match, /** @type {Element} */ (node));
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  }
}

/**
 * Each fresh node with the present node that it corresponds to: first by name, or by the name of the first named element
 * inside, so that a row keeps its focus when other rows come and go; then nodes without a name of their own in order.
 * @param {Node[]} here
 * @param {Node[]} fresh
 * @returns {[Node, Node | undefined][]}
 */
function pair(here, fresh) {
  const left = new Set(here);
  /** @param {(node: Node) => string | null} nameOf */
  const take = (nameOf) => {
    const named = groupBy(left, nameOf);
    /** @param {Node} node */
    return (node) => {
      const match = nameOf(node) === null ? undefined : named.get(nameOf(node))?.shift();
      if (match) left.delete(match);
      return match;
    };
  };
  const byName = take(nameInside);
  const matches = fresh.map(byName);
  const inOrder = take((node) => (ownName(node) === null ? node.nodeName : null));
  return fresh.map((node, n) => [node, matches[n] ?? inOrder(node)]);
}

/** @param {Iterable<Node>} nodes @param {(node: Node) => string | null} nameOf */
function groupBy(nodes, nameOf) {
  /** @type {Map<string | null, Node[]>} */
  const groups = new Map();
  for (const node of nodes) {
    const name = nameOf(node);
    const group = groups.get(name);
    if (group) group.push(node);
    else groups.set(name, [node]);
  }
  return groups;
}

/** @param {Node} node */
function ownName(node) {
  if (!(node instanceof Element) || !node.matches(NAMED)) return null;
  const attribute = ["id", "href", "action", "name"].find((name) => node.hasAttribute(name)) ?? "";
  const isChoice = node instanceof HTMLInputElement && ["radio", "checkbox"].includes(node.type);
  const value = isChoice ? node.value : "";
  return [node.nodeName, attribute, node.getAttribute(attribute), value].join(" ");
}

/** @param {Node} node */
function nameInside(node) {
  const own = ownName(node);
  if (own !== null || !(node instanceof Element)) return own;
  const inside = node.querySelector(NAMED);
  return inside && `${node.nodeName} ${ownName(inside)}`;
}

/** @param {Element} parent @param {Node} node @param {Node | null} before */
function move(parent, node, before) {
  if (typeof parent.moveBefore === "function") {
    parent.moveBefore(node, before); // keeps the focus and what plays
    return;
  }
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  if (active instanceof HTMLElement) active.focus({ preventScroll: true });
}

/** Whether it contains typed or chosen values that were not sent, an open dialog or a playing film. @param {Node} node */
function holdsWork(node) {
  if (!(node instanceof Element)) return false;
  if (isBusy(node) || isTouched(node)) return true;
  return [...node.querySelectorAll("input, textarea, select, dialog[open], video, audio")].some(
    (element) => isBusy(element) || isTouched(element),
  );
}

/** Whether the person has changed the value of a field. @param {Element} field */
function isTouched(field) {
  if (field instanceof HTMLSelectElement) {
    const initial = [...field.options].filter((option) => option.defaultSelected);
    return field.multiple || initial.length > 0
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.selectedIndex > 0;
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  if (field.type === "file") return Boolean(field.files?.length);
  if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}
