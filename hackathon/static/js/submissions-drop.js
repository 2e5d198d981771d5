// Files that are dropped anywhere on the page, or chosen together: each is sent to the deliverable that it fits. If that
// is not clear a dialog asks, and nothing is sent before.

import { copyOf, one } from "./dom.js";
import { box, fits, translate } from "./submissions-translations.js";
import { sizeOf } from "./ui.js";

/** @typedef {import("./submissions-card.js").Card} Card */
/** @typedef {{ file: File, card?: Card }} Pair */

/** The words of a name, without case, accents and plural: « Affiches_v2.pdf » has « affiche ». @param {string} name */
function wordsOf(name) {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return new Set(plain.split(/[^a-z0-9]+/).filter((word) => word.length > 2).map((word) => word.replace(/s$/, "")));
}

/** How many words they have in common. @param {File} file @param {Card} card */
function likeness(file, card) {
  const inFile = wordsOf(file.name);
  return [...wordsOf(card.name)].filter((word) => inFile.has(word)).length;
}

/** The card a file clearly belongs to: the only one with its format, or the one with the most similar name. @param {File} file @param {Card[]} cards */
function clearCard(file, cards) {
  const takers = cards.filter((card) => fits(file, card.endings));
  const ranked = takers.map((card) => ({ card, like: likeness(file, card) })).sort((a, b) => b.like - a.like);
  if (!ranked.length) return undefined;
  return ranked.length === 1 || ranked[0].like > ranked[1].like ? ranked[0].card : undefined;
}

/** Send each file to one of the cards. @param {File[]} files @param {Card[]} cards */
function deal(files, cards) {
  const takers = cards.filter((card) => card.input);
  const open = takers.filter((card) => card.accepts && !card.isBusy);
  const dealt = files.map((file) => ({ file, card: clearCard(file, open) }));
  const chosen = new Set(dealt.map(({ card }) => card));
  if (dealt.every(({ card }) => card) && chosen.size === files.length) dealt.forEach(begin);
  else ask(dealt, open, takers);
}

/** @param {Pair} pair */
function begin({ file, card }) {
  if (card) card.send(file);
}

// ---------------------------------------------------------------- asking

/**
 * Why this file fits no deliverable; "" if it fits one.
 * @param {File} file
 * @param {Card[]} open those that accept a file now
 * @param {Card[]} cards
 */
function whyNowhere(file, open, cards) {
  if (!file.size) return translate("empty");
  const takers = cards.filter((card) => fits(file, card.endings));
  if (!takers.length) return translate("noTaker", { formats: formatsOf(cards).join(", ") });
  const fitting = takers.filter((card) => !card.complaint(file));
  if (!fitting.length) return takers.sort((a, b) => b.maxBytes - a.maxBytes)[0].complaint(file);
  if (fitting.some((card) => open.includes(card))) return "";
  const busy = fitting.find((card) => card.isBusy);
  return busy ? translate("busy", { name: busy.name }) : translate("shut");
}

/** @param {Card[]} cards */
function formatsOf(cards) {
  return [...new Set(cards.flatMap(({ formats }) => formats))].map((name) => name.toUpperCase());
}

/**
 * For each file the proposed deliverable, or why there is none; `nowhere` if it fits none.
 * @param {Pair[]} dealt
 * @param {Card[]} open
 * @param {Card[]} cards
 * @returns {(Pair & { why: string, nowhere?: boolean })[]}
 */
function proposals(dealt, open, cards) {
  /** @type {Map<Card, File>} */
  const taken = new Map();
  return dealt.map(({ file, card }) => {
    const nowhere = whyNowhere(file, open, cards);
    if (nowhere) return { file, why: nowhere, nowhere: true };
    if (!card) return { file, why: translate("unclear") };
    if (card.complaint(file)) return { file, why: card.complaint(file) };
    const other = taken.get(card);
    if (other) return { file, why: translate("taken", { name: card.name, file: other.name }) };
    taken.set(card, file);
    return { file, card, why: "" };
  });
}

/** @param {Pair[]} dealt @param {Card[]} open @param {Card[]} cards */
function ask(dealt, open, cards) {
  const dialog = /** @type {HTMLDialogElement} */ (copyOf("#drop-dialog"));
  const list = one("[data-files]", dialog);
  const wrong = one("[data-wrong]", dialog);
  const rows = proposals(dealt, open, cards).map(({ file, card, why, nowhere }, index) => {
    const row = copyOf("[data-file]", dialog);
    const select = one("select", row, HTMLSelectElement);
    select.id = `drop-file-${index}`;
    one("label", row, HTMLLabelElement).htmlFor = select.id;
    one("[data-name]", row).textContent = file.name;
    one("[data-size]", row).textContent = sizeOf(file.size);
    for (const other of open) {
      const option = new Option(other.name, other.id, false, other === card);
      option.disabled = Boolean(other.complaint(file));
      select.add(option);
    }
    select.disabled = Boolean(nowhere);
    const reason = one("[data-why]", row);
    reason.id = `drop-why-${index}`;
    select.setAttribute("aria-describedby", reason.id);
    reason.textContent = why;
    reason.hidden = !why;
    reason.classList.toggle("field-error", Boolean(nowhere));
    select.addEventListener("change", () => { reason.hidden = !why || Boolean(select.value); });
    list.append(row);
    return { file, select };
  });
  one("[value=send]", dialog).hidden = rows.every(({ select }) => select.disabled);
  dialog.addEventListener("submit", (event) => {
    const chosen = rows.map(({ select }) => select.value).filter(Boolean);
    const twice = open.find(({ id }) => chosen.filter((value) => value === id).length > 1);
    if (event.submitter?.getAttribute("value") !== "send" || !(twice || !chosen.length)) return;
    event.preventDefault();
    wrong.textContent = twice ? translate("twice", { name: twice.name }) : translate("nothingChosen");
    wrong.hidden = false;
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "send") return;
    for (const { file, select } of rows) begin({ file, card: open.find(({ id }) => id === select.value) });
  });
  document.body.append(dialog);
  dialog.showModal();
}

// ---------------------------------------------------------------- dropping

/** @param {DragEvent} event */
const bringsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** @param {DataTransferItem} item */
function isFolder(item) {
  return item.webkitGetAsEntry?.()?.isDirectory ?? false;
}

/** @param {Card[]} cards @param {HTMLElement} several */
export function start(cards, several) {
  const outcome = one("[data-said]", several);
  /** @param {File[]} all @param {Card} [card] on which they were dropped */
  const take = (all, card) => {
    outcome.replaceChildren();
    const files = all.filter((file) => !cards.some((each) => each.goesOn(file)));
    if (card?.isBusy) {
      outcome.replaceChildren(box("warning", translate("busy", { name: card.name })));
    } else if (card?.accepts && files.length === 1) {
      card.send(files[0]);
    } else if (!cards.some((each) => each.input && each.accepts)) {
      outcome.replaceChildren(box("warning", translate("shut")));
    } else if (files.length) {
      deal(files, cards);
    }
  };

  let leaving = 0;
  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("is-dropping");
    clearTimeout(leaving);
    leaving = setTimeout(() => document.body.classList.remove("is-dropping"), 200);
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !bringsFiles(event)) return;
    event.preventDefault(); // also on a file control
    document.body.classList.remove("is-dropping");
    if ([...event.dataTransfer.items].some(isFolder)) {
      outcome.replaceChildren(box("error", translate("folder")));
      return;
    }
    take([...event.dataTransfer.files], cards.find((card) => card.input && card.article.contains(/** @type {Node} */ (event.target))));
  });

  const input = one("input[type=file]", several, HTMLInputElement);
  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    input.value = "";
  });
  const accepted = cards.flatMap((card) => (card.input ? [card.input.accept] : []));
  if (accepted.length && accepted.every(Boolean)) {
    input.accept = accepted.join(",");
  }
}
