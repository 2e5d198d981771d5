// What every page runs. Modules are deferred: the document is complete.

import * as announcements from "./announcements.js";
import * as clock from "./clock.js";
import * as countdown from "./countdown.js";
import * as counts from "./counts.js";
import * as drafts from "./drafts.js";
import * as fragments from "./fragments.js";
import * as instants from "./instants.js";
import * as juryKeeper from "./jury-keeper.js";
import * as kept from "./kept.js";
import * as lights from "./lights.js";
import * as live from "./live.js";
import * as morph from "./morph.js";
import * as notify from "./notify.js";
import * as parts from "./parts.js";
import * as questions from "./questions.js";
import * as session from "./session.js";
import * as sky from "./sky.js";
import * as sound from "./sound.js";
import * as toast from "./toast.js";
import * as ui from "./ui.js";
import * as uploads from "./uploads.js";

const modules = [session, juryKeeper, kept, ui, drafts, countdown, fragments, instants, sound, sky, parts, toast, announcements, counts, notify, questions, uploads, lights, live];
for (const module of modules) module.start();

// Modules of the page as it runs, for tests: a bundle has no addresses for them.
export { clock, juryKeeper, morph };
