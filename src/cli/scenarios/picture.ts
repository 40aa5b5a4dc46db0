import {
  deadEndsOf,
  markingsOf,
  planeOf,
  type Road,
  type Scenario,
  type Simulation,
  type Traffic,
} from "../../sim/index.ts";

/** Width of a picture [px]. */
const pictureWidth = 960;
/** How much straight road is shown [m], and how much of it before the place that matters. */
const shownLength = 240;
const shownBefore = 150;
/** Ground beside the road [m]. */
const verge = 4;
/** Curved lines are drawn in pieces of this length [m]. */
const piece = 4;
const shoulder = 0.5;

/** Speeds from standing to the fastest that is driven, as colors: warm is slow. */
const speedColors = ["#d1435b", "#e07a3f", "#e9b949", "#7fb89b", "#4da6ff"] as const;
const fastest = 35;

const style = `
  .verge{fill:#dfe3dc} .asphalt{fill:none;stroke:#50575f} .line{fill:none;stroke:#f3f5f6;stroke-width:.18;opacity:.75}
  .dashed{stroke-dasharray:3 9} .label{fill:#5d6660} text{font:13px system-ui,sans-serif}
  @media (prefers-color-scheme:dark){.verge{fill:#12161a} .asphalt{stroke:#23282e} .line{stroke:#c9d1d9} .label{fill:#97a2ad}}`;

/** The part of a scenario's road that shows what it is about. */
export const scenarioPicture = (scenario: Scenario, { traffic, road }: Simulation): string =>
  trafficPicture(`${scenario.name}: ${scenario.goal}`, road, traffic, scenarioStretch(scenario));

/** As much as is shown of a scenario, around `center` [m]. */
export function stretchAround(center: number, road: Road): [number, number] {
  const from = Math.min(Math.max(0, center - shownLength / 2), Math.max(0, road.length - shownLength));
  return [from, Math.min(from + shownLength, road.length)];
}

/**
 * Traffic from above as an SVG document, true to scale and each vehicle in the color of its speed; it follows the
 * light or dark scheme of whoever looks at it.
 * @param stretch of the road that is shown [m]
 */
export function trafficPicture(
  title: string,
  road: Road,
  traffic: Traffic,
  [from, to]: readonly [number, number],
): string {
  const plane = road.bend === undefined ? null : planeOf(road.bend);
  const at = (x: number, y: number): string => {
    const point = plane === null ? { x, y } : plane.place({ x, y, heading: 0 });
    return `${round(point.x)} ${round(-point.y)}`;
  };
  const lineAlong = (y: number, start: number, end: number): string => {
    const pieces = plane === null ? 1 : Math.ceil((end - start) / piece);
    return `M${Array.from({ length: pieces + 1 }, (_, i) => at(start + ((end - start) * i) / pieces, y)).join("L")}`;
  };
  // Beyond the stretch that is shown nothing need be drawn.
  const clipped = (start: number, end: number): [number, number] | null => {
    const pair: [number, number] = [
      Math.max(from - 5, start <= 0 ? -Infinity : start),
      Math.min(to + 5, end >= road.length ? Infinity : end),
    ];
    return pair[0] < pair[1] ? pair : null;
  };

  const parts: string[] = [];
  for (const { center, width, start, end } of road.lanes) {
    const shown = clipped(start, end);
    if (shown !== null) {
      parts.push(
        `<path class="asphalt" stroke-width="${width + 2 * shoulder}" d="${lineAlong(center, ...shown)}"/>`,
      );
    }
  }
  for (const { y, start, end, dashed } of markingsOf(road)) {
    const shown = clipped(start, end);
    if (shown !== null) {
      parts.push(`<path class="line${dashed ? " dashed" : ""}" d="${lineAlong(y, ...shown)}"/>`);
    }
  }
  for (let i = 0; i < traffic.count; i++) {
    if (traffic.x[i] < from - 10 || traffic.x[i] > to + 10) continue;
    const pose = { x: traffic.x[i], y: traffic.y[i], heading: traffic.heading[i] };
    const { x, y, heading } = plane?.place(pose) ?? pose;
    const [length, width] = [traffic.length[i], traffic.width[i]];
    parts.push(
      `<rect transform="translate(${round(x)} ${round(-y)})rotate(${round((-heading * 180) / Math.PI)})" ` +
        `x="${round(-length / 2)}" y="${round(-width / 2)}" width="${round(length)}" height="${round(width)}" ` +
        `rx=".5" fill="${colorOf(traffic.speed[i])}"/>`,
    );
  }

  const frame = frameOf(road, from, to, (x, y) => plane?.place({ x, y, heading: 0 }) ?? { x, y });
  const scale = pictureWidth / (frame.right - frame.left);
  const roadHeight = Math.ceil((frame.top - frame.bottom) * scale);
  const height = roadHeight + 34;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureWidth} ${height}" role="img">`,
    `<title>${title}</title><style>${style}</style>`,
    `<rect class="verge" width="${pictureWidth}" height="${height}"/>`,
    `<svg width="${pictureWidth}" height="${roadHeight}"><g transform="scale(${round(scale, 4)})translate(${round(-frame.left)} ${round(frame.top)})">`,
    ...parts,
    `</g></svg>`,
    legend(height),
    `</svg>\n`,
  ].join("\n");
}

/** The stretch that shows what the scenario is about [m]: a bend as a whole, else around its obstacle. */
function scenarioStretch(scenario: Scenario): [number, number] {
  const { road, bottleneck } = scenario;
  if (road.bend !== undefined) return [road.bend[0]!.x - 60, road.bend.at(-1)!.x + 40];
  const obstacles = [
    ...deadEndsOf(scenario).filter(Number.isFinite),
    ...road.lanes.map((lane) => lane.start).filter((start) => start > 0),
  ];
  const place = obstacles[0] ?? bottleneck?.start ?? road.length / 2;
  const from = Math.min(Math.max(0, place - shownBefore), road.length - shownLength);
  return [from, from + shownLength];
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function frameOf(
  { lanes, bend }: Road,
  from: number,
  to: number,
  place: (x: number, y: number) => { readonly x: number; readonly y: number },
): Frame {
  const edges = lanes.flatMap(({ center, width }) => [center + width / 2, center - width / 2]);
  const xs =
    bend === undefined ? [from, to] : Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  const points = xs.flatMap((x) => [Math.max(...edges), Math.min(...edges)].map((y) => place(x, y)));
  const [px, py] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return {
    left: Math.min(...px),
    right: Math.max(...px),
    top: Math.max(...py) + verge,
    bottom: Math.min(...py) - verge,
  };
}

function colorOf(speed: number): string {
  const part = Math.min(1, speed / fastest) * (speedColors.length - 1);
  const below = Math.min(Math.floor(part), speedColors.length - 2);
  const [a, b] = [speedColors[below]!, speedColors[below + 1]!];
  const mixed = [1, 3, 5].map((at) => {
    const [from, to] = [a, b].map((color) => Number.parseInt(color.slice(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(from + (to - from) * (part - below))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}

function legend(height: number): string {
  const width = 150;
  const stops = speedColors.map(
    (color, i) => `<stop offset="${i / (speedColors.length - 1)}" stop-color="${color}"/>`,
  );
  const y = height - 19;
  return (
    `<linearGradient id="s">${stops.join("")}</linearGradient>` +
    `<text class="label" x="14" y="${y + 10}">0</text>` +
    `<rect x="28" y="${y + 1}" width="${width}" height="8" rx="4" fill="url(#s)"/>` +
    `<text class="label" x="${width + 36}" y="${y + 10}">${fastest} m/s</text>` +
    `<text class="label" x="${pictureWidth - 14}" y="${y + 10}" text-anchor="end">driving to the right</text>`
  );
}

const round = (value: number, digits = 2): string => String(Number(value.toFixed(digits)));
