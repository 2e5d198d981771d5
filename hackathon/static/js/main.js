// What every page runs. Modules are deferred: the document is there.

import * as countdown from "./countdown.js";
import * as live from "./live.js";
import * as refresh from "./refresh.js";
import * as session from "./session.js";
import * as sky from "./sky.js";
import * as sound from "./sound.js";
import * as toast from "./toast.js";
import * as ui from "./ui.js";

for (const part of [session, ui, countdown, sound, sky, refresh, toast, live]) part.start();
