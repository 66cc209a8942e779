/** Says what is outlined on the map, with a button that takes the outline away. */
import type { Store } from "../../model/store";
import { follow } from "../../model/store";
import { button, el, words } from "../../ui/dom";

/** @param removed hears that the reader has taken the outline away. */
export function outlineNote(store: Store, removed: () => void): HTMLElement {
  const element = el("p", { class: "atlas-start", role: "note", hidden: "" });
  follow(
    () => store.outlined.value,
    (outlined) => {
      element.hidden = !outlined;
      if (!outlined) return;
      element.replaceChildren(
        words(outlined.text),
        ". ",
        button("Remove the outline", "atlas-start-area", () => {
          store.outlined.value = null;
          removed();
        }),
      );
    },
  );
  return element;
}
