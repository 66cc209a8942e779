/** What the panel says on what drives an area's risk in plain words, and what usually helps, with who says so. */
import { pointsToInWords } from "../../model/act";
import type { HelpInfo, HelpingThing } from "../../model/contract";
import type { Drivers, Piece } from "../../model/drivers";
import { signedPoints, why } from "../../model/drivers";
import type { Helps } from "../../model/helps";
import { beyondSimilar } from "../../model/helps";
import type { Table } from "../../model/table";
import { el, words } from "../../ui/dom";
import { sourceLink } from "../../ui/web-link";

export class WhyAndWhatHelps {
  readonly #table: Table;
  readonly #helps: Helps;

  constructor(table: Table, helps: Helps) {
    this.#table = table;
    this.#helps = helps;
  }

  /** `average` completes "the average" in the sentence on why the risk is what it is. */
  parts(row: number, drivers: Drivers | null, average: readonly Piece[]): HTMLElement[] {
    const help = this.#helps.of(this.#table.text("main_driver", row));
    const sides = pointsToInWords(this.#table.text("points_to", row));
    const sentence = drivers ? [...nodes(why(drivers, average)), ...(help ? [" ", ...aboveAll(help, drivers)] : [])] : [];
    if (!sentence.length) return [];
    const beyond = beyondInWords(this.#table, row);
    const fitting = help || beyond.length ? this.#helps.fitting(this.#table, row) : [];
    return [
      ...(help || sides || beyond.length ? [el("h3", {}, fitting.length ? "Why, and what helps" : "Why")] : []),
      el("p", { class: "atlas-why" }, ...sentence, sides ? ` ${sides}` : null),
      ...(beyond.length ? [el("p", { class: "atlas-beyond" }, ...nodes(beyond))] : []),
      ...(fitting.length ? [el("p", { class: "atlas-help" }, "What usually helps: ", words(lowered(fitting[0].what)), "."), saidBy(fitting)] : []),
    ];
  }
}

/** What stands out beyond places of similar age and rurality; nothing where nothing does by a point. */
export function beyondInWords(table: Table, row: number): Piece[] {
  const [first, ...others] = beyondSimilar(table, row);
  if (!first) return [];
  const named = others.map((name): Piece => ({ name }));
  const rest = named.flatMap((piece, i): Piece[] => [i === named.length - 1 ? " and " : ", ", piece]);
  const points = table.number("beyond_similar_points", row);
  return [
    `Beyond places of similar age and rurality${others.length ? ", the most unusual first" : ""}: `,
    { name: first },
    Number.isNaN(points) ? "" : ` (${signedPoints(points)})`,
    ...rest,
    ".",
  ];
}

/** The driver as people live it, after the sentence that names the components. */
function aboveAll({ sentence }: HelpInfo, { total }: Drivers): (Node | string)[] {
  return total > 0 ? ["Above all, ", words(sentence), "."] : ["What adds most: ", words(sentence), "."];
}

/** Everything that helps, each with its source. */
function saidBy(helps: readonly HelpingThing[]): HTMLElement {
  const list = el("ul", { class: "atlas-helps" });
  for (const { what, source, page } of helps) list.append(el("li", {}, words(what), el("span", { class: "atlas-description" }, sourceLink(source, page))));
  return el("details", { class: "atlas-helps-more" }, el("summary", {}, helps.length > 1 ? "More that helps, and who says so" : "Who says so"), list);
}

function lowered(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export function nodes(pieces: readonly Piece[]): (Node | string)[] {
  return pieces.map((piece) => (typeof piece === "string" ? piece : words(piece.name)));
}
