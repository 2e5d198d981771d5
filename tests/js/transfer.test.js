import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { NOW, open, pass, rest, serve } from "./page.js";

const window = open("");
mock.method(Math, "random", () => 0); // no jitter

/** @type {Upload[]} what tus-js-client was asked to send */
let uploads = [];
class Upload {
  aborted = false;

  constructor(file, options) {
    Object.assign(this, { file, options, url: options.uploadUrl });
    uploads.push(this);
  }

  start() {}
  abort() { this.aborted = true; }

  /** The server has opened it. */
  open(url = "/uploads/1") {
    this.url ??= url;
    this.options.onUploadUrlAvailable();
  }

  fail(status, headers = {}, body = "") {
    this.options.onError({ originalResponse: status ? response(status, headers, body) : null });
  }

  succeed() { this.options.onSuccess({ lastResponse: response(204, RECEIVED) }); }
}
window.tus = { Upload };
const RECEIVED = { "Submission-Received-At": "2020-11-28T21:00:00Z", "Submission-Id": "9", "Submission-Version": "2", "Receipt-Code": "AAAAA-BBBBB" };
const response = (status, headers, body) => ({
  getStatus: () => status, getHeader: (name) => ({ "Tus-Resumable": "1.0.0", ...headers })[name], getBody: () => body,
});
const tus = (status, headers = {}, body) =>
  new Response(body ?? null, { status, headers: { "Tus-Resumable": "1.0.0", ...headers } });

const { Transfer } = await import("../../hackathon/static/js/submissions-transfer.js");
const { keepFile, keepRecord, recordOf } = await import("../../hackathon/static/js/submissions-keep.js");

const CONTENT = "0123456789";
let number = 0;
/** @type {string[]} */
let states = [];

function made({ file = new File([CONTENT], "dossier.pdf"), ...fields } = {}) {
  number += 1;
  const record = {
    key: `1/${number}`, team: "1", deliverable: String(number), attempt: `a${number}`, name: "dossier.pdf",
    size: CONTENT.length, lastModified: 1, type: "application/pdf", ...fields,
  };
  return new Transfer(record, file ?? undefined, ({ state }) => state === states.at(-1) || states.push(state));
}

async function begun(fields) {
  const transfer = made(fields);
  transfer.start();
  await rest();
  uploads.at(-1).open();
  return transfer;
}

beforeEach(() => {
  [uploads, states] = [[], []];
  serve(() => tus(204));
});

test("a file is sent, and only an answer with a receipt means received", async () => {
  const transfer = await begun();
  const [{ options }] = uploads;
  assert.deepEqual(options.metadata, { deliverable: String(number), team: "1", key: `a${number}`, filename: "dossier.pdf", filetype: "application/pdf" });
  assert.equal((await recordOf(transfer.record.key)).url, "/uploads/1");
  options.onProgress(4);
  options.onProgress(10);

  uploads[0].succeed();
  await rest();

  assert.deepEqual(states, ["opening", "sending", "storing", "received"]);
  assert.deepEqual(transfer.receipt, { id: "9", version: "2", receivedAt: NOW, code: "AAAAA-BBBBB" });
  assert.equal(await recordOf(transfer.record.key), undefined);
});

test("the answer of another site, such as the sign-in page of a Wi-Fi network, is no answer", async () => {
  const transfer = await begun();

  uploads[0].options.onSuccess({ lastResponse: { getStatus: () => 200, getHeader: () => null, getBody: () => "<html>" } });

  assert.equal(transfer.state, "lost");
  transfer.end("cancelled");
});

test("each reason to wait has its own state, and is tried again", async () => {
  for (const [status, state] of [[0, "lost"], [502, "failing"], [401, "signedOut"], [423, "elsewhere"], [429, "crowded"], [507, "full"], [409, "lost"]]) {
    const transfer = await begun();
    uploads.at(-1).fail(status);
    assert.equal(transfer.state, state, String(status));
    const before = uploads.length;

    await pass(1000);

    assert.equal(uploads.length, before + 1, String(status));
    assert.equal(uploads.at(-1).options.uploadUrl, "/uploads/1");
    transfer.end("cancelled");
    await rest();
  }
});

test("what is not on the second server yet is asked for again, with the reason", async () => {
  const transfer = await begun();
  const problem = JSON.stringify({ code: "not_on_both", detail: "Pas encore confirmé." });
  serve((_url, { method }) => tus(503, {}, method === "HEAD" ? undefined : problem));
  uploads.at(-1).fail(503, {}, problem);
  const first = [transfer.state, transfer.detail];

  await pass(1000);

  assert.deepEqual(first, ["crowded", "Pas encore confirmé."]);
  assert.deepEqual([transfer.state, transfer.detail], first);
  serve(() => tus(200, RECEIVED));
  await pass(10_000);
  assert.equal(transfer.state, "received");
});

test("a host that is away is waited for, and after a minute the file begins again elsewhere", async () => {
  const transfer = await begun();
  serve(() => tus(503, { "Upload-Host": "away" }));
  uploads.at(-1).fail(503, { "Upload-Host": "away" });
  await pass(39_000);
  assert.deepEqual([uploads.length, transfer.renewing], [1, false]);

  await pass(60_000);

  assert.equal(transfer.state, "failing");
  assert.equal(uploads.at(-1).options.uploadUrl, null);
  assert.equal(uploads.at(-1).options.metadata.key, transfer.record.attempt);
  uploads.at(-1).open("/uploads/2");
  await rest();
  assert.equal((await recordOf(transfer.record.key)).url, "/uploads/2");
  transfer.end("cancelled");
});

test("a site that answers 503 itself keeps its uploads, however long", async () => {
  const transfer = await begun();
  serve(() => tus(503));
  uploads.at(-1).fail(503);

  await pass(300_000);

  assert.deepEqual([uploads.length, transfer.renewing], [1, false]);
  transfer.end("cancelled");
});

test("the longer it fails the longer it waits, and bytes that arrive begin again", async () => {
  const transfer = await begun();
  const waits = [];
  for (let n = 0; n < 6; n += 1) {
    uploads.at(-1).fail(0);
    waits.push(Math.round(transfer.retryAt - performance.now()) / 1000);
    await pass(21_000);
    uploads.at(-1).open();
  }
  assert.deepEqual(waits, [1, 3, 5, 10, 20, 20]);

  uploads.at(-1).options.onChunkComplete(0, 5);
  uploads.at(-1).fail(0);

  assert.equal(Math.round(transfer.retryAt - performance.now()), 1000);
  transfer.end("cancelled");
});

test("what the server refuses is not sent again, with its reason", async () => {
  const cases = [
    [422, { code: "not_a_pdf", detail: "Non" }, "refused"], [413, { code: "too_large", detail: "Trop" }, "refused"], [400, {}, "rejected"],
  ];
  for (const [status, body, state] of cases) {
    const transfer = await begun();
    uploads.at(-1).fail(status, {}, JSON.stringify(body));

    assert.deepEqual([transfer.state, transfer.detail, transfer.ended], [state, body.detail ?? "", true]);
    await rest();
  }
});

test("an upload that is too late goes on once the deadline has moved", async () => {
  const transfer = await begun();
  uploads[0].fail(422, {}, JSON.stringify({ code: "grace_passed", detail: "Trop tard" }));
  assert.deepEqual([transfer.state, transfer.detail], ["tooLate", "Trop tard"]);

  transfer.periodMoved();
  await rest();

  assert.equal(uploads.length, 2);
  transfer.end("cancelled");
});

test("an upload that the server does not have any more begins again, once", async () => {
  const transfer = await begun();
  uploads[0].fail(404);
  await rest();
  assert.equal(uploads[1].options.uploadUrl, null);

  uploads[1].fail(404);
  assert.equal(transfer.state, "stranger");
  transfer.end("cancelled");
});

test("two files are sent at once, the third one waits for its turn", async () => {
  const [first, second, third] = [await begun(), await begun(), await begun()];
  assert.deepEqual([first, second, third].map(({ state }) => state), ["sending", "sending", "waiting"]);

  uploads[0].succeed();
  await rest();
  uploads.at(-1).open();

  assert.equal(third.state, "sending");
  for (const each of [second, third]) each.end("cancelled");
});

test("a pause is shown once it is stored, and resumed from what the server has", async () => {
  const transfer = await begun();
  const paused = transfer.pause();
  assert.notEqual(transfer.state, "paused");
  await paused;
  assert.deepEqual([transfer.state, (await recordOf(transfer.record.key)).paused], ["paused", true]);

  serve(() => tus(204, { "Upload-Offset": "6" }));
  transfer.resume();
  await rest();

  assert.deepEqual([transfer.sent, uploads.length], [6, 2]);
  transfer.end("cancelled");
});

test("a transfer that is stopped is deleted on the server, unless the server has received it already", async () => {
  const [stopped, received] = [await begun(), await begun()];
  const requests = serve((_url, { method }) => tus(method === "DELETE" ? 204 : 200));
  await stopped.cancel();
  assert.deepEqual([stopped.state, requests[0].method, await recordOf(stopped.record.key)], ["cancelled", "DELETE", undefined]);

  serve((_url, { method }) => (method === "DELETE" ? tus(409, {}, JSON.stringify({ code: "received" })) : tus(200, RECEIVED)));
  await received.cancel();

  assert.equal(received.state, "received");
});

test("without an answer to the deletion of a whole file nobody knows", async () => {
  const transfer = await begun();
  uploads[0].options.onProgress(CONTENT.length);
  serve(() => { throw new TypeError("no network"); });

  await transfer.cancel();

  assert.equal(transfer.state, "unknown");
});

test("after a reload a stored file goes on by itself, and a missing one is asked for", async () => {
  const transfer = made({ url: "/uploads/3", keptAt: NOW });
  transfer.start();
  await rest();
  assert.equal(uploads[0].options.uploadUrl, "/uploads/3");
  transfer.end("cancelled");

  serve((_url, { method }) => tus(method === "HEAD" ? 200 : 204, { "Upload-Offset": "4" }));
  const absent = made({ file: null, url: "/uploads/4", keptAt: NOW });
  absent.start();
  await rest();

  assert.deepEqual([absent.state, absent.sent], ["absent", 4]);
  assert.deepEqual([absent.matches({ name: "dossier.pdf", size: 10, lastModified: 1 }), absent.matches({ name: "x", size: 10, lastModified: 1 })], [true, false]);
  absent.end("cancelled");
});

test("a file that was unplugged is read from its copy", async () => {
  const unplugged = new File([CONTENT], "dossier.pdf");
  unplugged.slice = () => ({ arrayBuffer: async () => { throw new DOMException("gone", "NotReadableError"); } });
  const transfer = made({ file: unplugged, keptAt: NOW });
  await keepRecord(transfer.record);
  await keepFile(transfer.record, new File(["copy"], "dossier.pdf"));

  transfer.start();
  await rest();

  assert.equal(await uploads[0].file.text(), "copy");
  transfer.end("cancelled");
});

test("a connection that sends nothing is given up after 45 seconds", async () => {
  const transfer = await begun();
  uploads[0].options.onProgress(3);

  for (let second = 0; second < 46; second += 1) {
    await pass(1000);
    transfer.tick();
  }
  await rest();

  assert.deepEqual([uploads[0].aborted, uploads.length], [true, 2]);
  transfer.end("cancelled");
});
