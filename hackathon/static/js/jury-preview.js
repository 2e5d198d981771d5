// A team's own work, in the viewer of the jury.

import { start } from "./jury-viewer.js";

start();
