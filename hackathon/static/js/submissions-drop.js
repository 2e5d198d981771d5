// Files dropped anywhere on the page, or chosen together: each goes to the deliverable that it fits. Where
// that is not clear somebody is asked, and nothing is sent before.

import { box, fits, say } from "./submissions-words.js";
import { sizeOf } from "./ui.js";

/** The words of a name, without case, accents and plural: « Affiches_v2.pdf » has « affiche ». */
function wordsOf(name) {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return new Set(plain.split(/[^a-z0-9]+/).filter((word) => word.length > 2).map((word) => word.replace(/s$/, "")));
}

function likeness(file, card) {
  const inFile = wordsOf(file.name);
  return [...wordsOf(card.name)].filter((word) => inFile.has(word)).length;
}

/** The card a file clearly belongs to: the only one that takes its format, or the one it is named after. */
function clearly(file, cards) {
  const takers = cards.filter((card) => fits(file, card.endings));
  const ranked = takers.map((card) => ({ card, like: likeness(file, card) })).sort((a, b) => b.like - a.like);
  if (!ranked.length) return undefined;
  return ranked.length === 1 || ranked[0].like > ranked[1].like ? ranked[0].card : undefined;
}

/** Send each of `files` to one of `cards`. */
function deal(files, cards) {
  const takers = cards.filter((card) => card.input);
  const open = takers.filter((card) => card.accepts && !card.isBusy);
  const dealt = files.map((file) => ({ file, card: clearly(file, open) }));
  const chosen = new Set(dealt.map(({ card }) => card));
  if (dealt.every(({ card }) => card) && chosen.size === files.length) dealt.forEach(begin);
  else ask(dealt, open, takers);
}

function begin({ file, card }) {
  if (card) card.send(file);
}

// ---------------------------------------------------------------- asking

/** Why this file can go to none of the deliverables, of which `open` can take one now; "" where it can. */
function whyNowhere(file, open, cards) {
  if (!file.size) return say("empty");
  const takers = cards.filter((card) => fits(file, card.endings));
  if (!takers.length) return say("noTaker", { formats: formatsOf(cards).join(", ") });
  const roomy = takers.filter((card) => !card.complaint(file));
  if (!roomy.length) return takers.sort((a, b) => b.maxBytes - a.maxBytes)[0].complaint(file);
  if (roomy.some((card) => open.includes(card))) return "";
  const busy = roomy.find((card) => card.isBusy);
  return busy ? say("busy", { name: busy.name }) : say("shut");
}

function formatsOf(cards) {
  return [...new Set(cards.flatMap(({ formats }) => formats))].map((name) => name.toUpperCase());
}

/** For each file the deliverable that is proposed, or why there is none; `nowhere` if there cannot be one. */
function proposals(dealt, open, cards) {
  const taken = new Map();
  return dealt.map(({ file, card }) => {
    const nowhere = whyNowhere(file, open, cards);
    if (nowhere) return { file, why: nowhere, nowhere: true };
    if (!card) return { file, why: say("unclear") };
    if (card.complaint(file)) return { file, why: card.complaint(file) };
    if (taken.has(card)) return { file, why: say("taken", { name: card.name, file: taken.get(card).name }) };
    taken.set(card, file);
    return { file, card, why: "" };
  });
}

function ask(dealt, open, cards) {
  const dialog = document.getElementById("drop-dialog").content.firstElementChild.cloneNode(true);
  const list = dialog.querySelector("[data-files]");
  const wrong = dialog.querySelector("[data-wrong]");
  const rows = proposals(dealt, open, cards).map(({ file, card, why, nowhere }, index) => {
    const row = dialog.querySelector("[data-file]").content.firstElementChild.cloneNode(true);
    const select = row.querySelector("select");
    select.id = `drop-file-${index}`;
    row.querySelector("label").htmlFor = select.id;
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = sizeOf(file.size);
    for (const each of open) {
      const option = new Option(each.name, each.id, false, each === card);
      option.disabled = Boolean(each.complaint(file));
      select.add(option);
    }
    select.disabled = Boolean(nowhere);
    const reason = row.querySelector("[data-why]");
    reason.id = `drop-why-${index}`;
    select.setAttribute("aria-describedby", reason.id);
    reason.textContent = why;
    reason.hidden = !why;
    reason.classList.toggle("field-error", Boolean(nowhere));
    select.addEventListener("change", () => { reason.hidden = !why || Boolean(select.value); });
    list.append(row);
    return { file, select };
  });
  dialog.querySelector("[value=send]").hidden = rows.every(({ select }) => select.disabled);
  dialog.addEventListener("submit", (event) => {
    const chosen = rows.map(({ select }) => select.value).filter(Boolean);
    const twice = open.find(({ id }) => chosen.filter((value) => value === id).length > 1);
    if (event.submitter?.value !== "send" || !(twice || !chosen.length)) return;
    event.preventDefault();
    wrong.textContent = twice ? say("twice", { name: twice.name }) : say("nothingChosen");
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

const bringsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

function isFolder(item) {
  return item.webkitGetAsEntry?.()?.isDirectory ?? false;
}

export function start(cards, several) {
  const said = several.querySelector("[data-said]");
  const take = (all, card) => {
    said.replaceChildren();
    const files = all.filter((file) => !cards.some((each) => each.goesOn(file)));
    if (card?.isBusy) {
      said.replaceChildren(box("warning", say("busy", { name: card.name })));
    } else if (card?.accepts && files.length === 1) {
      card.send(files[0]);
    } else if (!cards.some((each) => each.input && each.accepts)) {
      said.replaceChildren(box("warning", say("shut")));
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
    if (!bringsFiles(event)) return;
    event.preventDefault(); // also on a file control: what is dropped is sent, wherever it falls
    document.body.classList.remove("is-dropping");
    if ([...event.dataTransfer.items].some(isFolder)) {
      said.replaceChildren(box("error", say("folder")));
      return;
    }
    take([...event.dataTransfer.files], cards.find((card) => card.input && card.article.contains(event.target)));
  });

  const input = several.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  const files = cards.filter((card) => card.input);
  if (files.length && files.every((card) => card.input.accept)) {
    input.accept = files.map((card) => card.input.accept).join(",");
  }
}
