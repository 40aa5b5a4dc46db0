import type { z } from "zod";
import { InputError } from "./errors.ts";

/** A nested partial of a configuration: what a preset or a `--set` says differently. */
export type Overrides = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Deep merge; the right side wins, arrays are replaced whole. */
export function mergeOverrides(base: Overrides, over: Overrides): Overrides {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isRecord(old) && isRecord(value) ? mergeOverrides(old, value) : value;
  }
  return merged;
}

/**
 * Reads `a.b.c=value` into nested overrides; the value is JSON where it parses as JSON, else text.
 * @throws InputError when there is no `=` or no key.
 */
export function parseAssignment(text: string): Overrides {
  const split = text.indexOf("=");
  if (split < 1) throw new InputError(`--set ${text}: expected key=value, for example seed=2.`);
  const raw = text.slice(split + 1);
  let value: unknown = raw;
  try {
    value = JSON.parse(raw);
  } catch {
    // Not JSON: plain text.
  }
  return text
    .slice(0, split)
    .split(".")
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Overrides;
}

/**
 * Resolves a strict schema with the given layers, later ones winning.
 * @throws InputError naming the first wrong key, what was expected there and what came.
 */
export function resolveConfig<Schema extends z.ZodType>(
  schema: Schema,
  layers: readonly Overrides[],
  where = "configuration",
): z.infer<Schema> {
  const merged = layers.reduce(mergeOverrides, {});
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys((at(schema, issue.path) as { shape?: object } | undefined)?.shape ?? {});
    const prefix = path === "" ? "" : `${path}.`;
    throw new InputError(
      `${where}: unknown key ${issue.keys.map((key) => prefix + key).join(", ")}; ` +
        `expected one of ${known.map((key) => prefix + key).join(", ")}.`,
    );
  }
  const got = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    merged,
  );
  // What came is said below, as it was written.
  const expected = issue.message.replace(/^Invalid (input|option): /, "").replace(/, received .*$/, "");
  throw new InputError(`${where}: ${path}: ${expected}, got ${JSON.stringify(got)}.`);
}

/** The schema found by following `path` through objects, defaults and prefaults. */
function at(schema: unknown, path: readonly PropertyKey[]): unknown {
  let current: unknown = unwrap(schema);
  for (const key of path) {
    current = unwrap((current as { shape?: Record<PropertyKey, unknown> }).shape?.[key]);
  }
  return current;
}

function unwrap(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrap(inner);
}

/**
 * One line per key: name, value and description, and the default where the value is another.
 * @param values as the schema gives them
 */
export function describeConfig<Schema extends z.ZodType>(schema: Schema, values: z.infer<Schema>): string[] {
  return describeKeys(schema, values, schema.parse({}), "");
}

function describeKeys(schema: z.ZodType, values: unknown, defaults: unknown, prefix: string): string[] {
  const { shape } = unwrap(schema) as { shape?: Record<string, z.ZodType> };
  return Object.entries(shape ?? {}).flatMap(([key, inner]) => {
    const [value, usual] = [values, defaults].map((of) => (of as Record<string, unknown>)[key]);
    if ((unwrap(inner) as { shape?: object }).shape !== undefined) {
      return describeKeys(inner, value, usual, `${prefix}${key}.`);
    }
    const [shown, other] = [value, usual].map((of) => (of === undefined ? "none" : JSON.stringify(of)));
    const note = shown === other ? "" : ` (default ${other})`;
    return [`${prefix}${key} = ${shown}${note}  ${inner.description ?? ""}`.trimEnd()];
  });
}
