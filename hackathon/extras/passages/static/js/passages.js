// Decks on a projector that has a key: they are loaded beforehand, and shown as their team is on stage.

import "#site/main.js"; // one bundle with what every page runs
import { one } from "#site/dom.js";
import * as store from "./decks-store.js";
import * as deck from "./screen-deck.js";

const url = /** @type {string} */ (one("[data-decks-url]").dataset.decksUrl);
const look = () => deck.look(one("#stage"), url);

document.body.addEventListener("live:refetched", look);
look();
store.start(url, deck.library);
