/** The tools at the side of the map, folded away. */
import { StreetMap } from "../map/street-map";
import type { Page } from "../scoring/page";
import { el } from "../ui/dom";
import { save } from "../ui/save";
import { FilterView } from "../views/tools/filter";
import { WhatIf } from "../views/tools/what-if";
import type { Actions } from "./actions";

export interface Tools {
  filter: FilterView;
  whatIf: WhatIf;
  streets: StreetMap | null;
}

export function makeTools(page: Page, actions: Actions): Tools {
  const { say } = actions;
  const { street_map: streets } = page.data;
  const whatIf = new WhatIf(page, {
    say,
    select: actions.open,
    save: (name, text) => {
      save(name, new Blob([text], { type: "application/toml" }));
    },
  });
  return { filter: new FilterView(page, { say, zoom: actions.zoomToChosen }), whatIf, streets: streets ? new StreetMap(streets, say) : null };
}

/** A part of the side of the page that folds away. */
export function section(title: string, ...children: HTMLElement[]): HTMLElement {
  return el("details", { class: "atlas-section" }, el("summary", {}, title), el("div", { class: "atlas-section-body" }, ...children));
}
