/** The lists below the map. */
import { Levels } from "../model/levels";
import { hasProgrammes } from "../model/programmes";
import type { Page } from "../scoring/page";
import type { DrawerHooks } from "../ui/drawer";
import { Drawer } from "../ui/drawer";
import { ActionList } from "../views/act/action-list";
import { ProgrammesView } from "../views/act/programmes";
import type { PlacesView } from "../views/places/places-view";
import { LevelsDrawer } from "../views/levels/levels-drawer";
import { TableView } from "../views/tools/table";
import type { Actions } from "./actions";

export interface ListHooks extends DrawerHooks {
  /** Shows where an area is that the keyboard or the pointer has reached; null for none. */
  preview: (row: number | null) => void;
  saveCsv: (what: string, text: string) => void;
}

export interface Lists {
  drawer: Drawer;
  actionList: ActionList;
}

export function makeLists(page: Page, actions: Actions, places: PlacesView | null, hooks: ListHooks): Lists {
  const { data, areas, table, store } = page;
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
  const levels = new Levels(table, page.identities, page.data.parts);
  if (levels.levels.some((level) => level !== "lsoa")) {
    drawer.add("levels", "Wards and districts", new LevelsDrawer(page, levels, { show, select, close }));
  }
  drawer.add("table", "Table", new TableView(page, { select, preview, close }));
  if (places) drawer.add("places", "Places", places);
  return { drawer, actionList };
}
