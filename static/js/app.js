// Improves pages that already work without it: GOV.UK components, wide tables, swapped fragments.
import { initAll } from "../vendor/govuk-frontend@6.6.0/govuk-frontend.min.js";

/** Let the keyboard scroll a table that is wider than the page, and only then. */
function reachWideTables(scope) {
  for (const box of scope.querySelectorAll(".app-table-scroll")) {
    const wide = box.scrollWidth > box.clientWidth + 1;
    const names = { tabindex: "0", role: "region", "aria-label": box.dataset.label };
    for (const [name, value] of Object.entries(names)) {
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }
}

/** On a phone the list comes first: fold the fields of its filter, unless one of them is wrong. */
function foldFilters(scope) {
  if (!window.matchMedia("(max-width: 40em)").matches) return;
  for (const fold of scope.querySelectorAll(".app-filter__fold")) {
    if (!fold.querySelector(".govuk-error-message")) fold.open = false;
  }
}

initAll();
reachWideTables(document);
foldFilters(document);
window.addEventListener("resize", () => reachWideTables(document));
document.addEventListener("toggle", () => reachWideTables(document), true);

// A fragment that HTMX brings is initialised like a page; a status role in it is read aloud.
document.addEventListener("htmx:afterSettle", (event) => {
  initAll({ scope: event.target });
  reachWideTables(document);
});
