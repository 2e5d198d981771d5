// The pages of the gallery.

import "#site/main.js"; // one bundle with what every page runs
import { start } from "./works.js";

start();
