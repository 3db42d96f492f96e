// Entry of every page: the components, and the progress kept between visits.
import "./live-cell.js";
import "./lab-step.js";
import "./page-account.js";
import "./read-mark.js";
import "./fact-note.js";
import "./quiz-item.js";
import "./module-map.js";
import "./due-items.js";
import "./keep-progress.js";
import "./open-notebook.js";
import "./light-on-paper.js";
import { connect } from "./progress.js";

connect();
if (document.querySelector("course-explorer")) import("./explorers/shell/page.js");
