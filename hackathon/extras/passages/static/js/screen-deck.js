// What the team on stage shows ([data-deck]): the page of a PDF, a video, a picture, or the page of its link. The place below
// it has the team's name, and stays visible until there is something to show. Another page of the same deck is drawn in its place.

import { one } from "#site/dom.js";
import { fileOf } from "./decks-store.js";
import { play } from "#site/screen-sound.js";
import { cancel, later } from "#site/ticker.js";

const PIXELS_MAX = 8_000_000; // of a page
const PATIENCE = 1500; // ms for the page of a link to answer
const AGAIN = 5000; // ms until a file is asked for again

/** @typedef {{ box: HTMLElement, place: HTMLElement, kind: string, address: string, pdf: any, url: string, page: number, timer: number }} Shown */
/** @type {Shown | null} */
let shown = null;

/** @param {string} name */
const address = (name) => /** @type {HTMLLinkElement} */ (document.querySelector(`link[data-pdf=${name}]`)).href;

/** @type {Promise<{ pdfjs: any, worker: any }> | undefined} */
let loading;

/** pdf.js and its worker. Projectors load them before the first deck: later the network may be cut. */
export function library() {
  loading ??= import(address("library")).then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = address("worker");
    return { pdfjs, worker: new pdfjs.PDFWorker() };
  });
  loading.catch(() => { loading = undefined; });
  return loading;
}

function forget() {
  if (!shown) return;
  cancel(shown.timer);
  shown.pdf?.loadingTask.destroy();
  if (shown.url) URL.revokeObjectURL(shown.url);
  shown = null;
}

/** Show the deck of this stage, if it has one. @param {HTMLElement} stage @param {string} decksUrl */
export function look(stage, decksUrl) {
  const box = stage.querySelector("[data-deck]");
  if (!(box instanceof HTMLElement)) {
    forget();
    return;
  }
  const { deck: kind = "", deckId, deckPage } = box.dataset;
  const from = deckId ? `${decksUrl}${deckId}/` : deckPage;
  if (shown?.box !== box || shown.address !== (from ?? "")) {
    forget();
    const place = one(".deck-shown", box);
    place.replaceChildren();
    delete box.dataset.state;
    shown = { box, place, kind, address: from ?? "", pdf: null, url: "", page: 0, timer: 0 };
    if (from) begin(shown);
  } else if (shown.pdf) drawPage(shown);
  else showAgain(shown);
}

/** @param {Shown} deck */
async function begin(deck) {
  try {
    if (deck.kind === "page") await showFrame(deck);
    else if (deck.kind === "pdf") await openPdf(deck);
    else await showMedia(deck);
  } catch (error) {
    console.warn("deck", error);
    if (deck === shown) deck.timer = later(() => deck === shown && begin(deck), AGAIN);
  }
}

/** @param {Shown} deck @param {HTMLElement} element */
function show(deck, element) {
  if (deck !== shown) return;
  deck.place.replaceChildren(element);
  deck.box.dataset.state = "shown";
}

/** @param {Shown} deck */
async function openPdf(deck) {
  const [{ pdfjs, worker }, file] = await Promise.all([library(), fileOf(deck.address)]);
  const wasmUrl = new URL("wasm/", address("library")).href; // decoders of rare images
  const pdf = await pdfjs.getDocument({ data: await file.arrayBuffer(), worker, wasmUrl, isEvalSupported: false }).promise;
  if (deck !== shown) {
    pdf.loadingTask.destroy();
    return;
  }
  deck.pdf = pdf;
  await drawPage(deck);
}

/** The page that is wanted when the drawing is done, too. @param {Shown} deck */
async function drawPage(deck) {
  const wanted = Math.min(Number(deck.box.dataset.page) || 1, deck.pdf.numPages);
  if (deck.page === wanted) return;
  deck.page = wanted;
  const page = await deck.pdf.getPage(wanted);
  const plain = page.getViewport({ scale: 1 });
  const { clientWidth: width, clientHeight: height } = deck.place;
  const fits = Math.min(width / plain.width, height / plain.height) * devicePixelRatio;
  const scale = Math.min(fits, Math.sqrt(PIXELS_MAX / (plain.width * plain.height)));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(viewport.width), Math.round(viewport.height)];
  await page.render({ canvas, viewport }).promise;
  if (deck.page !== wanted) return; // turned meanwhile
  canvas.dataset.page = String(wanted);
  show(deck, canvas);
}

/** @param {Shown} deck */
async function showMedia(deck) {
  const url = URL.createObjectURL(await fileOf(deck.address));
  if (deck !== shown) {
    URL.revokeObjectURL(url);
    return;
  }
  deck.url = url;
  if (deck.kind === "image") {
    const image = document.createElement("img");
    [image.src, image.alt] = [url, ""];
    show(deck, image);
    return;
  }
  const video = document.createElement("video");
  [video.src, video.controls, video.playsInline] = [url, true, true];
  deck.page = Number(deck.box.dataset.page);
  show(deck, video);
  await play(video);
}

/** A film begins again when its page is turned. @param {Shown} deck */
function showAgain(deck) {
  const video = deck.place.querySelector("video");
  const wanted = Number(deck.box.dataset.page);
  if (!video || deck.page === wanted) return;
  deck.page = wanted;
  video.currentTime = 0;
  play(video).catch((error) => console.warn("deck", error));
}

/** Only if the page answers: a frame would show the browser's error. @param {Shown} deck */
async function showFrame(deck) {
  await fetch(deck.address, { mode: "no-cors", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
  [frame.referrerPolicy, frame.src, frame.title] = ["no-referrer", deck.address, deck.address];
  show(deck, frame);
}
