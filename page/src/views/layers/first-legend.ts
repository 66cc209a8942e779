/** The legend of the layer on the map, with the stripes of areas whose place is not sure. */
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { el } from "../../ui/dom";
import { Legend } from "./legend";

export const STRIPED = "in the most at-risk tenth in some plausible indices, not in others";

export function firstLegend({ store, showing, values }: Page, narrow: MediaQueryList): Legend {
  const legend = new Legend(narrow);
  const wanted = el("input", { type: "checkbox", id: "atlas-stripes", checked: "" });
  wanted.addEventListener("change", () => {
    store.stripes.value = wanted.checked;
  });
  const note = el(
    "p",
    { class: "atlas-stripes" },
    wanted,
    el("label", { for: "atlas-stripes" }, el("span", { class: "atlas-stripe-key", "aria-hidden": "true" }), `Striped: ${STRIPED}`),
  );
  follow(
    () => ({ layer: showing.layer.value, included: store.included.value }),
    ({ layer }) => {
      legend.show(layer, showing.entries(layer));
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
    () => showing.stripesApply.value,
    (apply) => {
      legend.showNote(apply ? note : null);
    },
  );
  follow(
    () => store.stripes.value,
    (striped) => {
      wanted.checked = striped;
    },
  );
  return legend;
}
