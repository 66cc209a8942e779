/** The lists below the map. */
import { hasProgrammes } from "../model/programmes";
import type { Page } from "../scoring/page";
import { RANKED_LAYER } from "../scoring/showing";
import type { DrawerHooks } from "../ui/drawer";
import { Drawer } from "../ui/drawer";
import type { Flyout } from "../ui/flyout";
import { ActionList } from "../views/act/action-list";
import { ProgrammesView } from "../views/act/programmes";
import type { PlacesView } from "../views/places/places-view";
import { LevelsDrawer } from "../views/levels/levels-drawer";
import { ChangesView } from "../views/changes/changes";
import { TableView } from "../views/tools/table";
import type { Actions } from "./actions";
import type { Files } from "./files";
import type { Pointing } from "./pointing";
import type { Viewport } from "./viewport";

const ACT_LAYER = "exclusion_decile";
/** On a map no higher than this the legend is folded away when a list opens, in pixels. */
const LOW_MAP = 300;

export interface ListHooks extends DrawerHooks {
  /** Shows where an area is that the keyboard or the pointer has reached; null for none. */
  preview: (row: number | null) => void;
  saveCsv: (what: string, text: string) => void;
}

export interface Lists {
  drawer: Drawer;
  actionList: ActionList;
  /** What changed since an earlier run, where somebody compared. */
  changes: ChangesView | null;
}

export function makeLists(page: Page, actions: Actions, places: PlacesView | null, hooks: ListHooks): Lists {
  const { data, areas, levels, table, store } = page;
  const drawer = new Drawer(store, hooks);
  const { preview, saveCsv } = hooks;
  const select = actions.open;
  const show = (rows: readonly number[], text: string): void => {
    actions.outline(rows, text);
  };
  const close = (): void => {
    drawer.close();
  };
  const actionList = new ActionList(page, { select, preview, close, saveCsv, say: actions.say });
  drawer.add("act", "Where to act", actionList);
  if (hasProgrammes(data.programmes)) {
    const view = new ProgrammesView(data.programmes, areas, (row) => table.text("lsoa21_code", row) ?? "", { show, select, saveCsv, close });
    drawer.add("programmes", "Programmes", view);
  }
  if (levels.levels.some((level) => level !== "lsoa")) {
    const { down, show: choose } = actions.going;
    drawer.add("levels", "Wards and districts", new LevelsDrawer(page, { down, choose, select, close }));
  }
  const changes = data.changes ? new ChangesView(page, { show, select, close }) : null;
  if (changes) drawer.add("changes", "What changed", changes);
  drawer.add("table", "Table", new TableView(page, { select, preview, close }));
  if (places) drawer.add("places", "Places", places);
  return { drawer, actionList, changes };
}

/** What lists have around them. */
export interface AroundLists {
  mapFrame: HTMLElement;
  legend: HTMLDetailsElement;
  tools: Flyout;
  viewport: Viewport;
  pointing: Pointing;
  files: Files;
}

export function listHooks({ store, showing }: Page, actions: Actions, { mapFrame, legend, tools, viewport, pointing, files }: AroundLists): ListHooks {
  return {
    preview: (row) => {
      pointing.preview(row);
    },
    saveCsv: (what, text) => {
      files.saveCsv(what, text);
    },
    fallback: () => tools.button,
    changed: (open) => {
      if (open && mapFrame.offsetHeight < LOW_MAP) legend.open = false;
      viewport.resize();
    },
    asked: (name) => {
      // They would lie over the list.
      if (name !== null) tools.show(false);
      // The list is of another order than the first layer shows.
      if (name === "act" && store.layer.peek() === RANKED_LAYER && showing.called(ACT_LAYER)) actions.setLayer(ACT_LAYER);
    },
  };
}
