// A submission beside the marks: pages of PDFs, which pdf.js draws alike on every tablet, zoom, and the large view.
// pdf.js is loaded with the first PDF. This module imports nothing, so that two pages can use it without another shared file.

const ZOOMS = [1, 1.5, 2, 3, 4];
const PIXELS_MAX = 8_000_000; // of a page; a tablet refuses larger canvases
const SETTLE = 200; // ms after the last change of the width

/** @type {{ destroy: () => void } | null} */
let shown = null;
let zoom = 0; // index in ZOOMS
let zoomed = ""; // to which the zoom belongs: a deliverable of a team

/** @param {string} name */
const address = (name) => /** @type {HTMLLinkElement} */ (document.querySelector(`link[data-pdf=${name}]`)).href;

async function library() {
  const pdfjs = await import(address("library"));
  pdfjs.GlobalWorkerOptions.workerSrc = address("worker");
  return pdfjs;
}

class Page {
  /** @param {any} pdf @param {number} number @param {{ width: number, height: number }} size */
  constructor(pdf, number, size) {
    this.pdf = pdf;
    this.number = number;
    this.width = 0; // in px of the drawing
    this.isNear = false;
    this.element = document.createElement("div");
    this.element.className = "viewer-page";
    this.element.style.aspectRatio = `${size.width} / ${size.height}`;
  }

  async draw() {
    const width = this.element.clientWidth;
    if (!this.isNear || !width || width === this.width) return;
    this.width = width;
    const page = await this.pdf.getPage(this.number);
    const plain = page.getViewport({ scale: 1 });
    this.element.style.aspectRatio = `${plain.width} / ${plain.height}`;
    const wanted = (width * devicePixelRatio) / plain.width;
    const scale = Math.min(wanted, Math.sqrt(PIXELS_MAX / (plain.width * plain.height)));
    const viewport = page.getViewport({ scale });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(viewport.width), Math.round(viewport.height)];
    canvas.setAttribute("aria-hidden", "true");
    await page.render({ canvas, viewport }).promise;
    const text = document.createElement("p");
    text.className = "sr-only";
    text.textContent = (await page.getTextContent()).items.map((/** @type {any} */ item) => item.str).join(" ");
    if (this.isNear) this.element.replaceChildren(canvas, text);
  }

  /** Pages far from the view need no memory. */
  clear() {
    this.isNear = false;
    this.width = 0;
    this.element.replaceChildren();
  }
}

/** @param {HTMLElement} box */
async function showPdf(box) {
  const pdfjs = await library();
  const wasmUrl = new URL("wasm/", address("library")).href; // decoders of rare images
  const loading = pdfjs.getDocument({ url: box.dataset.src, wasmUrl, isEvalSupported: false });
  /** @type {Map<Element, Page>} */
  const pages = new Map();
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const page = /** @type {Page} */ (pages.get(target));
      page.isNear = isIntersecting;
      if (isIntersecting) page.draw().catch(() => {});
      else page.clear();
    }
  }, { root: box, rootMargin: "100% 0px" });
  let timer = 0;
  const resized = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => pages.forEach((page) => page.draw().catch(() => {})), SETTLE);
  });
  shown = { destroy() { near.disconnect(); resized.disconnect(); loading.destroy(); } };
  const pdf = await loading.promise;
  const size = (await pdf.getPage(1)).getViewport({ scale: 1 });
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = new Page(pdf, number, size);
    pages.set(page.element, page);
    near.observe(page.element);
  }
  box.replaceChildren(...pages.keys());
  for (const element of pages.keys()) resized.observe(element);
  box.dataset.pages = String(pdf.numPages);
}

/** @param {HTMLElement} box @param {number} step */
function magnify(box, step) {
  zoom = Math.min(Math.max(zoom + step, 0), ZOOMS.length - 1);
  const centre = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
  box.style.setProperty("--zoom", String(ZOOMS[zoom]));
  box.scrollLeft = centre * box.scrollWidth - box.clientWidth / 2;
}

/** @param {boolean} [on] */
function enlarge(on) {
  const work = /** @type {HTMLElement} */ (document.getElementById("work"));
  const large = work.classList.toggle("is-large", on);
  work.querySelector("[data-enlarge]")?.setAttribute("aria-pressed", String(large));
}

function show() {
  const chip = document.querySelector(".sheet-chips [aria-current]");
  chip?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = document.querySelector("[data-viewer]");
  if (box && "open" in box.dataset) return; // another part of the page has changed
  shown?.destroy();
  shown = null;
  const former = zoomed;
  zoomed = `${location.pathname}${chip?.getAttribute("href") ?? ""}`;
  if (!box || zoomed !== former) zoom = 0; // else a newer version of the part has replaced the one from the cache
  if (!box) return;
  box.dataset.open = "";
  if (zoom) magnify(box, 0);
  for (const tool of document.querySelectorAll("[data-zoom], [data-enlarge]")) tool.removeAttribute("hidden");
  if (box.dataset.viewer !== "pdf") return;
  showPdf(box).catch(async (error) => {
    const arrived = await fetch(box.dataset.src ?? "").then(({ ok }) => ok, () => false);
    if (!box.isConnected) return;
    console.warn("pdf", error);
    box.querySelector(arrived ? "[data-unreadable]" : "[data-absent]")?.removeAttribute("hidden");
    box.querySelector("[data-loading]")?.remove();
  });
}

export function start() {
  if (!document.getElementById("work")) return;
  document.addEventListener("click", ({ target }) => {
    const box = document.querySelector("[data-viewer]");
    if (!(target instanceof Element)) return;
    const step = target.closest("[data-zoom]");
    if (box && step) magnify(box, Number(step.dataset.zoom));
    if (target.closest("[data-enlarge]")) enlarge();
  });
  document.addEventListener("dblclick", ({ target }) => {
    const box = target instanceof Element && target.closest("[data-viewer=image], [data-viewer=pdf]");
    if (box) magnify(box, zoom ? -ZOOMS.length : 2);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") enlarge(false);
  });
  document.body.addEventListener("htmx:afterSettle", show);
  show();
}
