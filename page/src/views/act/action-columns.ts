/** What the list of where to act says of each neighbourhood. */
import { SURE_OF_LIST, sureness } from "../../model/act";
import type { AtlasData } from "../../model/contract";
import { count, decimal, estimate, MISSING } from "../../model/format";
import type { Helps } from "../../model/helps";
import { beyondSimilar } from "../../model/helps";
import type { Kinds } from "../../model/kinds";
import { KIND } from "../../model/kinds";
import type { Support } from "../../model/support";
import type { Table } from "../../model/table";
import { el, words } from "../../ui/dom";

export interface Column {
  title: string;
  number?: boolean;
  cell: (row: number) => (Node | string | null)[];
}

interface Parts {
  data: AtlasData;
  table: Table;
  helps: Helps;
  kinds: Kinds;
  /** Null until the support places are read. */
  support: Support | null;
}

/** Those that the page has something to say in. */
export function actionColumns({ data, table, helps, kinds, support }: Parts): Column[] {
  const number = (column: string, row: number): number => table.number(column, row);
  const columns: [boolean, Column][] = [
    [true, { title: "Rank by risk alone", number: true, cell: (row) => [shown(number("risk_rank", row), count)] }],
    [
      table.holds(SURE_OF_LIST),
      {
        title: "Sure of this list",
        number: true,
        cell: (row) => {
          const share = number(SURE_OF_LIST, row);
          return Number.isNaN(share) ? [MISSING] : [decimal(share, 0, true), detail(sureness(share))];
        },
      },
    ],
    [table.holds("people_at_risk"), { title: "People at risk, about", number: true, cell: (row) => people(table, row) }],
    [table.holds("unmet_need"), { title: "Without support, about", number: true, cell: (row) => [shown(number("unmet_need", row), estimate)] }],
    [
      table.holds(KIND),
      {
        title: "What kind",
        cell: (row) => {
          const kind = table.text(KIND, row);
          return [kind === null ? "not said" : words(kinds.called(kind))];
        },
      },
    ],
    [
      table.holds("main_driver"),
      {
        title: "Main driver",
        cell: (row) => {
          const driver = table.text("main_driver", row);
          const side = table.text("points_to", row);
          const [beyond] = beyondSimilar(table, row);
          return [
            driver === null ? "none stands out" : words(helps.called(driver)),
            beyond && beyond !== driver ? detail("beyond similar places: ", words(beyond)) : null,
            side === "Infrastructure" || side === "Both" ? detail("also remote or poorly connected") : null,
          ];
        },
      },
    ],
    [Boolean(data.support), { title: "Nearest help now", cell: (row) => nearest(support, row) }],
    [
      data.helps.length > 0 && table.holds("main_driver"),
      {
        title: "What usually helps",
        cell: (row) => {
          const help = helps.suggest(table, row);
          return [help ? words(help.what) : "–"];
        },
      },
    ],
  ];
  return columns.filter(([there]) => there).map(([, column]) => column);
}

function people(table: Table, row: number): (Node | string)[] {
  const [middle, low, high] = ["people_at_risk", "people_at_risk_low", "people_at_risk_high"].map((column) => table.number(column, row));
  if (Number.isNaN(middle)) return [MISSING];
  return Number.isNaN(low) || Number.isNaN(high) ? [estimate(middle)] : [estimate(middle), detail(`${estimate(low)} to ${estimate(high)}`)];
}

function nearest(support: Support | null, row: number): (Node | string)[] {
  if (!support) return ["…"];
  const near = support.nearestNow(row);
  if (!near) return ["none near enough"];
  return [words(near.place.name), detail(words(near.place.kind.title), `, ${support.distance(near.cost)}`)];
}

function shown(number: number, format: (number: number) => string): string {
  return Number.isNaN(number) ? MISSING : format(number);
}

export function detail(...children: (Node | string)[]): HTMLElement {
  const element = el("span", { class: "atlas-act-detail" });
  element.append(...children);
  return element;
}
