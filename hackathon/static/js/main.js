// What every page runs. Modules are deferred: the document is there.

import * as countdown from "./countdown.js";
import * as live from "./live.js";
import * as refresh from "./refresh.js";
import * as sky from "./sky.js";
import * as toast from "./toast.js";
import * as ui from "./ui.js";

for (const part of [ui, countdown, sky, refresh, toast, live]) part.start();
