/** How many areas and people at risk each kind of exclusion has. */
import type { KindsInfo, LayerInfo } from "./contract";
import { KIND, Kinds } from "./kinds";
import type { Table } from "./table";

export interface KindCount {
  /** As the column has it. */
  kind: string;
  title: string;
  areas: number;
  /** At risk, estimated; 0 where the page has no estimate. */
  people: number;
  /** On the layer of kinds; null where there is none. */
  colour: string | null;
}

/** In the order of the declaration, then both, then neither; kinds without an area in `rows` among them. */
export function countKinds(table: Table, rows: readonly number[], info: KindsInfo, layers: readonly LayerInfo[]): KindCount[] {
  const kinds = new Kinds(info);
  const classes = layers.find(({ id }) => id === KIND)?.classes ?? [];
  const risk = table.numbers("people_at_risk");
  return kinds.values.map((kind) => {
    const of = rows.filter((row) => table.text(KIND, row) === kind);
    return {
      kind,
      title: kinds.called(kind),
      areas: of.length,
      people: of.reduce((sum, row) => sum + (risk[row] || 0), 0),
      colour: classes.find(({ label }) => label === kind)?.colour ?? null,
    };
  });
}
