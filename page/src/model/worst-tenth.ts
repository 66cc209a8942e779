/** How many areas are in the nation's most at-risk tenth, and how that compares, as far as it can be said. */
import type { Board } from "./contract";
import { count, ordinal } from "./format";
import type { Part, Sentence } from "./sentence";
import { percent } from "./sentence";
import type { Subject } from "./subject";

const TENTH = 0.1;
/** Areas in a tenth: of the nation, or of those that are ranked among each other. */
export interface InTenth {
  of: "nation" | "each other";
  /** Those in the tenth. */
  rows: number[];
  ranked: number;
  /** Between which that lies in nine of ten plausible indices; null where nobody says. */
  between: readonly [number, number] | null;
}

/** "more", "fewer": what plausible indices agree on; null where they do not, or are not known. */
export type Against = "more" | "fewer" | null;

/** The ICB that some areas are all of; null for any other areas. */
export function boardOf({ table, rows, nation }: Pick<Subject, "table" | "rows" | "nation">): Board | null {
  const codes = table.texts("icb_code");
  if (!codes || !rows.length || codes.codes[rows[0]] < 0) return null;
  const board = nation.boards?.find(({ code }) => code === codes.values[codes.codes[rows[0]]]);
  return board?.areas === rows.length && rows.every((row) => codes.codes[row] === codes.codes[rows[0]]) ? board : null;
}

export function inTenth(subject: Subject): InTenth {
  const { table, rows, nation, changed } = subject;
  const national = table.holds("england_decile");
  const decile = table.numbers(national ? "england_decile" : "risk_decile");
  const inside: number[] = [];
  let ranked = 0;
  for (const row of rows) {
    if (decile[row] === 1) inside.push(row);
    if (!Number.isNaN(decile[row])) ranked++;
  }
  if (!national) return { of: "each other", rows: inside, ranked, between: null };
  const board = changed ? null : boardOf(subject);
  if (board?.worst_low != null && board.worst_high != null) return { of: "nation", rows: inside, ranked, between: [board.worst_low, board.worst_high] };
  if (changed || rows.length === nation.areas || !table.holds("england_rank_p05")) return { of: "nation", rows: inside, ranked, between: null };
  const last = Math.floor(nation.areas * TENTH);
  const [best, worst] = [table.numbers("england_rank_p05"), table.numbers("england_rank_p95")];
  const within = (ranks: Float64Array): number => rows.reduce((sum, row) => sum + (ranks[row] <= last ? 1 : 0), 0);
  // Ties may put the published number a little outside of what the draws give.
  return { of: "nation", rows: inside, ranked, between: [Math.min(within(worst), inside.length), Math.max(within(best), inside.length)] };
}

/** Against the tenth that would be in it if these were like all the nation. */
export function against({ ranked, between }: InTenth): Against {
  if (!between) return null;
  const expected = TENTH * ranked;
  return between[0] > expected ? "more" : between[1] < expected ? "fewer" : null;
}

export function worstTenth(subject: Subject): Sentence<"worst">[] {
  const tenth = inTenth(subject);
  const sentence = (parts: Part[]): Sentence<"worst"> => ({ topic: "worst", parts });
  if (!tenth.ranked) return [sentence([`No risk is known of ${subject.rows.length === 1 ? "this neighbourhood" : "these neighbourhoods"}.`])];
  if (tenth.of === "each other") return [sentence(amongEachOther(subject, tenth))];
  const parts = [...counted(subject, tenth, `${subject.nation.title}’s most at-risk tenth`), ...byWhat(subject), "."];
  if (subject.rows.length === subject.nation.areas) return [sentence(parts), ...extremes(subject).map(sentence)];
  return [sentence(parts), ...compared(subject, tenth).map(sentence)];
}

function byWhat({ changed }: Subject): Part[] {
  return changed ? [` by ${changed.inWords}`] : [];
}

/** "192 of Norwich’s 624 neighbourhoods (31%) are in …" */
function counted({ theirs, rows: { length } }: Subject, { rows, ranked }: InTenth, where: string): Part[] {
  if (length === 1) return ["This neighbourhood is ", ...(rows.length ? [] : ["not "]), "in ", where];
  const of = [...theirs(ranked), ranked < length ? " ranked neighbourhoods" : " neighbourhoods"];
  if (!rows.length) return ["None of ", ...of, " is in ", where];
  if (rows.length === ranked) return [{ text: "All", rows }, " of ", ...of, ranked === 1 ? " is in " : " are in ", where];
  return [{ text: count(rows.length), rows }, " of ", ...of, ` (${percent(rows.length, ranked)}) ${rows.length === 1 ? "is" : "are"} in `, where];
}

function compared(subject: Subject, tenth: InTenth): Part[][] {
  if (subject.changed || subject.rows.length === 1 || !tenth.between) return [];
  const [low, high] = tenth.between;
  const range = low === high ? "" : `, and ${count(low)} to ${count(high)} by nine of ten reasonable ways to calculate it`;
  const said = against(tenth);
  const { title } = subject.nation;
  const first: Part[] = said
    ? [`That is ${said} than ${title}’s 10%${range}.`]
    : [
        `Whether that is more or fewer than the 10% in all of ${title} cannot be said: ${low === high ? "reasonable ways to calculate it agree with it" : `${count(low)} to ${count(high)} are by nine of ten reasonable ways to calculate it`}.`,
      ];
  return [first, ...amongBoards(subject)];
}

/** Where an ICB stands among all of them. */
function amongBoards(subject: Subject): Part[][] {
  const board = boardOf(subject);
  const boards = subject.nation.boards?.length ?? 0;
  if (!board || boards < 2) return [];
  const { rank_low: from, rank_high: to } = board;
  if (from === null || to === null) return [];
  const all = `of ${subject.nation.title}’s ${count(boards)} ICBs`;
  if (from === to) return [[`The share is the ${place(from)} ${all}.`]];
  return [[`The share ranks ${ordinal(from)} to ${ordinal(to)} ${all}.`]];
}

function place(rank: number): string {
  return rank === 1 ? "highest" : `${ordinal(rank)} highest`;
}

/** The ICBs with the highest and the lowest share, where plausible indices agree that they differ. */
function extremes({ nation, table, changed }: Subject): Part[][] {
  if (changed || !nation.boards || nation.boards.length < 2) return [];
  const share = ({ worst, areas }: Board): number => worst / areas;
  const ordered = [...nation.boards].sort((a, b) => share(b) - share(a) || (a.code < b.code ? -1 : 1));
  const [top, last] = [ordered[0], ordered[ordered.length - 1]];
  if (top.worst_low === null || last.worst_high === null || top.worst_low / top.areas <= last.worst_high / last.areas) return [];
  const codes = table.texts("icb_code");
  const link = (board: Board): Part[] => {
    const number = codes ? codes.values.indexOf(board.code) : -1;
    const rows = codes && number >= 0 ? Array.from(codes.codes.keys()).filter((row) => codes.codes[row] === number) : [];
    const name = shortBoard(board.name);
    return [rows.length ? { text: name, rows } : { name }, ` (${percent(board.worst, board.areas)})`];
  };
  return [["By ICB, the share is highest in ", ...link(top), " and lowest in ", ...link(last), "."]];
}

/** "NHS Fens Integrated Care Board" as people say it: "Fens ICB". */
export function shortBoard(name: string): string {
  return name.replace(/^NHS /, "").replace(/ Integrated Care Board$/, " ICB");
}

/** Tenths of the areas that are ranked among each other: a tenth of them all is in it by definition. */
function amongEachOther(subject: Subject, tenth: InTenth): Part[] {
  const { changed, rows, table, nation } = subject;
  const among = changed?.among ?? table.rows;
  const unknown = changed ? `not known with ${changed.inWords}` : "not known by this index";
  const parts: Part[] =
    rows.length === among || changed?.among != null
      ? [
          `Ranked among each other`,
          ...byWhat(subject),
          ", ",
          { text: count(tenth.rows.length), rows: tenth.rows },
          ` of ${count(tenth.ranked)} neighbourhoods are the most at-risk tenth`,
        ]
      : [...counted(subject, tenth, "this map’s most at-risk tenth"), ...byWhat(subject)];
  return [...parts, `; how they stand in ${nation.title} is ${unknown}.`];
}
