import { causes, type Cause } from "../../protocol.ts";

/** How one episode of an evaluation ended; the part of it that this page shows. */
export interface EpisodeOutcome {
  readonly start: { readonly track: number; readonly frame: number };
  readonly cause: Cause;
  /** [m] */
  readonly distance: number;
  readonly seconds: number;
  readonly progress: number;
  readonly attribution: { readonly fault: string; readonly kind: string } | null;
  readonly safety?: { readonly minTimeToCollision?: number | null };
  /** Whether another driver would have got away; null where nobody was asked. */
  readonly avoidable?: boolean | null;
}

/** One driver in one traffic. */
export interface EvaluationRow {
  readonly driver: string;
  readonly traffic: string;
  readonly split: string;
  readonly mode: string;
  readonly episodes: number;
  readonly success: { readonly rate: number; readonly low: number; readonly high: number };
  readonly causes: { readonly [Name in Cause]: number };
  /** Of every start in turn; empty where the file holds rows alone. */
  readonly outcomes: readonly EpisodeOutcome[];
}

/**
 * Reads what `headway evaluate --out` wrote.
 * @throws Error in one sentence where the text is something else
 */
export function parseEvaluation(text: string): EvaluationRow[] {
  let file: { rows?: unknown; episodes?: unknown };
  try {
    file = JSON.parse(text) as typeof file;
  } catch {
    throw new Error("Expected an evaluation.json, got a file that is no JSON.");
  }
  const rows = file?.rows;
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(isRow)) {
    throw new Error("Expected an evaluation.json with the rows of headway evaluate --out, got other JSON.");
  }
  const episodes = Array.isArray(file.episodes) ? file.episodes : [];
  return rows.map((row, i) => {
    const found: unknown = episodes[i];
    return { ...row, outcomes: Array.isArray(found) ? found.filter(isOutcome) : [] };
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isRow = (value: unknown): value is Omit<EvaluationRow, "outcomes"> =>
  isObject(value) &&
  [value["driver"], value["traffic"], value["split"], value["mode"]].every(
    (word) => typeof word === "string",
  ) &&
  typeof value["episodes"] === "number" &&
  isObject(value["causes"]) &&
  isObject(value["success"]) &&
  ["rate", "low", "high"].every((name) => typeof (value["success"] as never)[name] === "number");

const isOutcome = (value: unknown): value is EpisodeOutcome =>
  isObject(value) &&
  causes.includes(value["cause"] as Cause) &&
  isObject(value["start"]) &&
  typeof value["start"]["track"] === "number" &&
  typeof value["start"]["frame"] === "number" &&
  ["distance", "seconds", "progress"].every((name) => typeof value[name] === "number");
