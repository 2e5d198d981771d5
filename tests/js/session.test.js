import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { open } from "./page.js";

const window = open(`<div data-session hidden><p data-session-words></p><a href="/compte/connexion/">Se reconnecter</a></div>
  <form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="old"></form><form method="get" id="search"></form>`, { user: 5 });
const session = await import("../../hackathon/static/js/session.js");
const bar = document.querySelector("[data-session]");
const link = bar.querySelector("a");
let signedIn = 0;
document.body.addEventListener("live:signed-in", () => { signedIn += 1; });
session.start();

const submit = (selector) => {
  const event = new Event("submit", { bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
};

beforeEach(() => {
  session.checkUser("5");
  signedIn = 0;
});

test("a page whose session has ended says so, and sends no form until the same person is back", () => {
  session.checkSignedIn(false);
  assert.deepEqual([session.isAway(), link.hidden], [true, false]);
  assert.deepEqual([submit("[method=post]"), submit("#search")], [true, false]);
  assert.equal(document.activeElement, link);

  session.checkSignedIn(true);
  assert.equal(signedIn, 1); // the page is fetched, which tells who
  document.cookie = "csrftoken=new";
  assert.equal(session.checkUser("5"), true);

  assert.deepEqual([session.isAway(), submit("[method=post]")], [false, false]);
  assert.equal(document.querySelector("[name=csrfmiddlewaretoken]").value, "new");
  assert.deepEqual(JSON.parse(document.body.getAttribute("hx-headers")), { "X-CSRFToken": "new" });
});

test("to somebody else the page offers no sign-in, and does not count as right", () => {
  assert.equal(session.checkUser("6"), false);
  assert.deepEqual([session.isAway(), link.hidden], [true, true]);

  assert.equal(session.checkUser(""), false);
  assert.deepEqual([session.isAway(), link.hidden], [true, false]);
});

test("an answer of the sign-in page means that the session is over", () => {
  assert.equal(session.isSignInPage("https://ccd.example.org/rendu/"), false);
  assert.equal(session.isAway(), false);

  assert.equal(session.isSignInPage("https://ccd.example.org/compte/connexion/?next=/rendu/"), true);
  assert.equal(session.isAway(), true);
});

test("a page out of the back/forward cache shows nothing to the next person", () => {
  let reloads = 0;
  window.location.reload = () => { reloads += 1; };
  const shown = new Event("pageshow");
  shown.persisted = true;
  window.dispatchEvent(shown);

  session.checkUser("6");

  assert.equal(reloads, 1);
});
