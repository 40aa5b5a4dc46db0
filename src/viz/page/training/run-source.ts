/** A training of the run that is served beside the page. */
export interface Training {
  /** Its folder within the run; empty for the run itself. */
  readonly name: string;
  readonly settings: { readonly [name: string]: unknown };
  /** When its checkpoint was last written [ms since 1970], null before. */
  readonly writtenAt: number | null;
}

/** A line of metrics: an update and named numbers. */
export interface MetricsLine {
  readonly update: number;
  readonly [name: string]: unknown;
}

/** @returns null where no run is served, or the server does not answer */
export const fetchTrainings = (): Promise<Training[] | null> => fetchJson<Training[]>("run/trainings.json");

/** The lines after an update; `rewound` when the run went back behind it, and these are all. */
export const fetchMetrics = (
  name: string,
  after: number,
): Promise<{ readonly rewound: boolean; readonly lines: readonly MetricsLine[] } | null> =>
  fetchJson(`run/metrics.json?${new URLSearchParams({ training: name, after: String(after) })}`);

async function fetchJson<T>(path: string): Promise<T | null> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}
