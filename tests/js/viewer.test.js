// Why a PDF is not drawn on a sheet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { define, open, rest, serve } from "./page.js";

const LIBRARY = `export const GlobalWorkerOptions = {};
export const getDocument = () => ({ promise: Promise.reject(new Error("no pages")), destroy() {} });`;
const VIEWER = `<div data-viewer="pdf" data-src="/plan.pdf"><p data-loading></p><p data-unreadable hidden></p><p data-absent hidden></p></div>`;
open(`<div id="work">${VIEWER}</div>`);
for (const [name, href] of [["library", `data:text/javascript,${encodeURIComponent(LIBRARY)}`], ["worker", "/worker.js"]]) {
  document.head.append(Object.assign(document.createElement("link"), { href }));
  document.head.lastElementChild.setAttribute("data-pdf", name);
}
class Observer { observe() {} disconnect() {} }
define(globalThis, "IntersectionObserver", Observer);
define(globalThis, "ResizeObserver", Observer);
const { start } = await import("../../hackathon/static/js/jury-viewer.js");

const without = () => { throw new TypeError("no network"); };
for (const [reason, reply, shown] of [["that has not arrived", without, "absent"], ["that is damaged", () => new Response("?"), "unreadable"]]) {
  test(`a file ${reason} says so`, async () => {
    document.getElementById("work").innerHTML = VIEWER;
    serve(reply);

    start();
    await rest();

    const found = [...document.querySelectorAll("[data-viewer] p:not([hidden])")].map((p) => p.getAttributeNames()[0]);
    assert.deepEqual(found, [`data-${shown}`]);
  });
}
