/** What of the page is folded away at first, or on paper only: tools, lists, notes. It is put on a page that can be read already. */
import type { Page } from "../scoring/page";
import { button, el } from "../ui/dom";
import type { Drawer } from "../ui/drawer";
import type { Flyout } from "../ui/flyout";
import { levelChoice } from "../views/levels/level-choice";
import { Way } from "../views/levels/way";
import type { LayersControl } from "../views/layers/layers-control";
import { Swipe } from "../views/layers/swipe";
import type { Symbols } from "../views/places/symbols";
import { About } from "../views/tools/about";
import type { Actions } from "./actions";
import type { Files } from "./files";
import { beforePrinting } from "./printing";
import { followChanges, makeFoot } from "./said";
import { makeTools, section } from "./tools";

/** What is there already. */
export interface Furnished {
  map: L.Map;
  mapFrame: HTMLElement;
  /** The page is narrow. */
  narrow: MediaQueryList;
  drawer: Drawer;
  tools: Flyout;
  files: Files;
  symbols: Symbols;
  legend: HTMLElement;
  layers: LayersControl;
  /** What is said over the map. */
  over: HTMLElement;
  /** The last of the notices below the header. */
  notice: HTMLElement;
  /** The last of all. */
  announcer: HTMLElement;
}

export function furnish(page: Page, actions: Actions, furnished: Furnished): void {
  const { map, mapFrame, narrow, drawer, tools, files, symbols, legend, layers, over, notice, announcer } = furnished;
  const swipe = new Swipe(page, narrow, actions.say);
  legend.before(swipe.element);
  legend.after(swipe.legend);
  const { going } = actions;
  const choice = levelChoice(page, going.show);
  if (choice) layers.add(choice.element, choice.inputs);
  const leave = (): void => {
    going.show(null);
  };
  over.prepend(new Way(page, { up: going.up, leave }).element);
  const { filter, whatIf, streets } = makeTools(page, actions);
  const about = new About(page.data);
  followChanges(about, page);
  const aboutButton = button("About and sources", "atlas-quiet", () => {
    about.open();
  });
  tools.add(
    el("div", { class: "atlas-tools-buttons" }, ...drawer.buttons, aboutButton),
    filter.element,
    symbols.control?.element ?? null,
    section("Compare two layers", swipe.control),
    whatIf.element,
    files.downloads.element,
    streets?.element ?? null,
  );
  mapFrame.after(...drawer.elements);
  notice.before(whatIf.notice);
  const foot = makeFoot(files);
  announcer.before(foot.element);
  document.body.append(about.element);
  beforePrinting(mapFrame, [legend, swipe.legend], foot.refresh);
  streets?.addTo(map);
}
