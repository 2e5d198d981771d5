// An element made like another one, keeping what is the person's: focus, typed text, what is open, what plays.

const KEPT_OPEN = new Set(["DETAILS", "DIALOG"]);
const NAMED = "[id], a[href], form[action], [name]";

/** Make `old` like `fresh`. `fresh` is taken apart. */
export function morph(old, fresh) {
  if (isBusy(old) || old.isEqualNode(fresh)) return;
  // A place that comes empty and is to be preserved is filled by scripts, or by fetches of its own.
  if (fresh.hasAttribute("hx-preserve") && !fresh.childElementCount) return;
  const chosen = old instanceof HTMLSelectElement && isTouched(old) ? old.value : null;
  attributes(old, fresh);
  children(old, fresh);
  if (chosen !== null) old.value = chosen;
}

// A dialog in front of somebody and a film that plays are not changed under their eyes.
function isBusy(element) {
  return (element instanceof HTMLDialogElement && element.open) || (element instanceof HTMLMediaElement && !element.paused);
}

function attributes(old, fresh) {
  // `style` comes from scripts only (the policy refuses it in pages), `open` is the person's.
  const isTheirs = (name) => name === "style" || (name === "open" && KEPT_OPEN.has(old.tagName));
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isTheirs(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!isTheirs(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function children(old, fresh) {
  const pairs = pair([...old.childNodes], [...fresh.childNodes]);
  const stay = new Set(pairs.map(([, match]) => match).filter(Boolean));
  for (const node of [...old.childNodes]) if (!stay.has(node) && !holdsWork(node)) node.remove();
  let cursor = old.firstChild;
  for (const [node, match] of pairs) {
    while (cursor && !stay.has(cursor)) cursor = cursor.nextSibling; // somebody's work, left where it was
    if (!match) {
      old.insertBefore(node, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else move(old, match, cursor);
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, node);
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  }
}

// Each fresh node with the one it is here, if it is. Rows come and go, and the one with the focus must stay the
// same: first by name, or by that of the first thing inside; then, for what has no name of its own, in order.
function pair(here, fresh) {
  const left = new Set(here);
  const take = (nameOf) => {
    const named = groupBy(left, nameOf);
    return (node) => {
      const found = nameOf(node) === null ? undefined : named.get(nameOf(node))?.shift();
      left.delete(found);
      return found;
    };
  };
  const byName = take(nameInside);
  const matches = fresh.map(byName);
  const inOrder = take((node) => (ownName(node) === null ? node.nodeName : null));
  return fresh.map((node, n) => [node, matches[n] ?? inOrder(node)]);
}

function groupBy(nodes, nameOf) {
  const groups = new Map();
  for (const node of nodes) {
    const name = nameOf(node);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(node);
  }
  return groups;
}

function ownName(node) {
  if (node.nodeType !== Node.ELEMENT_NODE || !node.matches(NAMED)) return null;
  const attribute = ["id", "href", "action", "name"].find((name) => node.hasAttribute(name));
  const value = ["radio", "checkbox"].includes(node.type) ? node.value : "";
  return [node.nodeName, attribute, node.getAttribute(attribute), value].join(" ");
}

function nameInside(node) {
  const own = ownName(node);
  if (own !== null || node.nodeType !== Node.ELEMENT_NODE) return own;
  const inside = node.querySelector(NAMED);
  return inside && `${node.nodeName} ${ownName(inside)}`;
}

function move(parent, node, before) {
  if (parent.moveBefore) {
    parent.moveBefore(node, before); // keeps the focus and what plays
    return;
  }
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  active?.focus({ preventScroll: true });
}

/** Whether somebody has typed or chosen something in it that was not sent, or has opened it in front of them. */
function holdsWork(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  if (isBusy(node) || isTouched(node)) return true;
  return [...node.querySelectorAll("input, textarea, select, dialog[open], video, audio")].some(
    (element) => isBusy(element) || isTouched(element),
  );
}

function isTouched(field) {
  if (field instanceof HTMLSelectElement) {
    const initial = [...field.options].filter((option) => option.defaultSelected);
    return field.multiple || initial.length > 0
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.selectedIndex > 0;
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  if (field.type === "file") return field.files.length > 0;
  if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}
