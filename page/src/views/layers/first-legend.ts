/** The legend of the layer on the map, with the stripes of areas whose place is not sure. */
import { countedOn } from "../../model/larger-layer";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { el } from "../../ui/dom";
import { Legend } from "./legend";

export const STRIPED = "in the most at-risk tenth by some reasonable ways to calculate it, not by others";

export function firstLegend({ store, showing, values }: Page, narrow: MediaQueryList): Legend {
  const legend = new Legend(narrow);
  const note = el("p", { class: "atlas-stripes" }, el("span", { class: "atlas-stripe-key", "aria-hidden": "true" }), el("span", {}, `Striped: ${STRIPED}`));
  follow(
    () => ({ layer: showing.layer.value, included: store.included.value }),
    ({ layer }) => {
      legend.show(layer, showing.entries(layer), countedOn(layer));
      legend.showChanged(showing.changedInWords(layer));
    },
  );
  follow(
    () => {
      const row = store.hovered.value;
      return row === null ? null : values.classes(showing.layer.value)[row];
    },
    (number) => {
      legend.mark(number);
    },
  );
  follow(
    () => showing.stripes.value !== null,
    (striped) => {
      legend.showNote(striped ? note : null);
    },
  );
  return legend;
}
