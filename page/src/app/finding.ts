/** The finding, kept true of what the page shows. */
import { findingOf } from "../model/finding";
import { follow } from "../model/store";
import { theirsOf } from "../model/subject";
import { changeInWords } from "../scoring/now";
import type { Page } from "../scoring/page";
import { FindingView } from "../views/finding/finding";
import type { Actions } from "./actions";

export function makeFinding(page: Page, actions: Actions, narrow: MediaQueryList): FindingView {
  const { data, table, geometry, areas, identities, store, showing } = page;
  const view = new FindingView(
    {
      show: (rows, text) => {
        actions.outline(rows, text);
      },
    },
    narrow,
  );
  follow(
    () => ({ rows: showing.rows.value, changed: showing.changed, filter: store.filter.value }),
    ({ rows, changed, filter }) => {
      const subject = {
        data,
        nation: data.nation,
        table,
        geometry,
        rows,
        theirs: theirsOf(data.title, filter, identities),
        changed: changed && { inWords: changeInWords(changed), among: changed.among },
        nameOf: (row: number) => areas.title(row),
      };
      view.show(findingOf(subject));
    },
  );
  return view;
}
