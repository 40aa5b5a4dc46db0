import { SaxesParser } from "saxes";
import { InputError } from "../../core/index.ts";
import type { Polyline } from "./reference-line.ts";
import type { TextFile } from "./text.ts";

/** A stretch of one lane between its two lines [m]. */
export interface Lanelet {
  readonly id: string;
  readonly left: Polyline;
  readonly right: Polyline;
  readonly successors: readonly string[];
}

/** Whatever the scenario calls an obstacle, and where it is when: centers [m] at time steps. */
export interface Obstacle {
  readonly id: string;
  readonly moves: boolean;
  readonly type: string;
  /** NaN for other shapes than rectangles [m]. */
  readonly length: number;
  readonly width: number;
  readonly frames: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly line: number;
}

export interface CommonRoadFile {
  readonly frameSeconds: number;
  readonly lanelets: readonly Lanelet[];
  readonly obstacles: readonly Obstacle[];
}

interface Points {
  x: number[];
  y: number[];
}

const obstacleTags = new Set(["obstacle", "dynamicObstacle", "staticObstacle"]);

/**
 * Reads a CommonRoad scenario (format 2018b or 2020a) piece by piece.
 * @throws InputError naming file, line and column of what is not as expected.
 */
export function readCommonRoad(file: TextFile): CommonRoadFile {
  const parser = new SaxesParser();
  const lanelets: Lanelet[] = [];
  const obstacles: Obstacle[] = [];
  const path: string[] = [];
  let frameSeconds = Number.NaN;
  let text = "";
  let lanelet: { id: string; left: Points; right: Points; successors: string[] } | undefined;
  let obstacle: { -readonly [Key in keyof Obstacle]: Obstacle[Key] } & {
    frames: number[];
    x: number[];
    y: number[];
  };
  let inObstacle = false;
  let point = { x: Number.NaN, y: Number.NaN };
  let frame = Number.NaN;

  const fail = (what: string): never => {
    throw new InputError(`${file.name}, line ${parser.line}, column ${parser.column}: ${what}.`);
  };
  const numberHere = (): number => {
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value)
      ? value
      : fail(`expected a number in <${path.at(-1)}>, got "${text.trim()}"`);
  };

  parser.on("error", (error) => {
    // The parser writes the place before its words and a full stop behind them.
    fail(`expected XML, got something else (${error.message.replace(/^[\d:]+ |\.$/g, "")})`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    path.push(name);
    text = "";
    if (path.length === 1) {
      if (name !== "commonRoad") fail(`expected <commonRoad> as the outermost element, got <${name}>`);
      frameSeconds = Number(attributes.timeStepSize);
      if (!(frameSeconds > 0 && frameSeconds <= 0.5)) {
        fail(`expected timeStepSize above 0 and at most 0.5 s, got "${attributes.timeStepSize ?? ""}"`);
      }
    } else if (path.length === 2 && name === "lanelet") {
      lanelet = { id: attributes.id, left: { x: [], y: [] }, right: { x: [], y: [] }, successors: [] };
    } else if (path.length === 2 && obstacleTags.has(name)) {
      inObstacle = true;
      obstacle = {
        id: attributes.id,
        moves: name === "dynamicObstacle",
        type: "",
        length: Number.NaN,
        width: Number.NaN,
        frames: [],
        x: [],
        y: [],
        line: parser.line,
      };
    } else if (name === "successor" && lanelet !== undefined) {
      lanelet.successors.push(attributes.ref);
    } else if (name === "state" || name === "initialState") {
      // Nothing of what was read elsewhere: a state may lack an exact position.
      point = { x: Number.NaN, y: Number.NaN };
      frame = Number.NaN;
    }
  });
  const append = (chunk: string): void => void (text += chunk);
  parser.on("text", append);
  parser.on("cdata", append);
  parser.on("closetag", ({ name }) => {
    const parent = path.at(-2);
    if (name === "x" || name === "y") {
      if (parent === "point") point[name] = numberHere();
    } else if (name === "point" && lanelet !== undefined) {
      const bound =
        parent === "leftBound" ? lanelet.left : parent === "rightBound" ? lanelet.right : undefined;
      bound?.x.push(point.x);
      bound?.y.push(point.y);
    } else if (inObstacle) {
      if (name === "role") obstacle.moves = text.trim() === "dynamic";
      else if (name === "type") obstacle.type = text.trim();
      else if ((name === "length" || name === "width") && parent === "rectangle" && path[2] === "shape")
        obstacle[name] = numberHere();
      else if (name === "exact" && parent === "time") frame = numberHere();
      else if (name === "state" || name === "initialState") {
        const { x, y } = point;
        if (!Number.isInteger(frame) || Number.isNaN(x) || Number.isNaN(y)) {
          fail(`expected an exact position and time of obstacle ${obstacle.id}, got something else`);
        }
        obstacle.frames.push(frame);
        obstacle.x.push(x);
        obstacle.y.push(y);
      }
    }
    if (path.length === 2) {
      if (name === "lanelet" && lanelet !== undefined) {
        const points = [lanelet.left.x.length, lanelet.right.x.length];
        if (points[0] !== points[1] || points[0] < 2) {
          fail(
            `expected two bounds of two or more points each in lanelet ${lanelet.id}, got ${points.join(" and ")} points`,
          );
        }
        lanelets.push(lanelet);
      }
      if (inObstacle) obstacles.push(obstacle);
      lanelet = undefined;
      inObstacle = false;
    }
    path.pop();
    text = "";
  });
  for (const chunk of file.chunks) parser.write(chunk);
  parser.close();
  return { frameSeconds, lanelets, obstacles };
}
