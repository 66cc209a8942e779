/** The areas that the page speaks of at the moment: those that the conditions leave. */
import type { Subject } from "../model/subject";
import { theirsOf } from "../model/subject";
import { changeInWords } from "../scoring/now";
import type { Page } from "../scoring/page";

export function subjectOf({ data, table, geometry, areas, identities, store, showing }: Page): Subject {
  const { changed } = showing;
  return {
    data,
    nation: data.nation,
    table,
    geometry,
    rows: showing.rows.value,
    theirs: theirsOf(data.title, store.filter.value, identities),
    changed: changed && { inWords: changeInWords(changed), among: changed.among },
    nameOf: (row) => areas.title(row),
  };
}
