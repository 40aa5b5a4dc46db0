import type { TextFile } from "../../../src/episodes/index.ts";
import { laneWidth, roadLength, type Row } from "./made-up-traffic.ts";

/** Text as a file that comes in pieces of awkward size. */
export function file(name: string, text: string, pieceSize = 1000): TextFile {
  function* chunks(): Generator<string> {
    for (let i = 0; i < text.length; i += pieceSize) yield text.slice(i, i + pieceSize);
  }
  return { name, chunks: { [Symbol.iterator]: chunks } };
}

const feet = (meters: number): string => (meters / 0.3048).toFixed(3);

/** 18 columns in feet, as the original text files have them. */
export function ngsimText(rows: readonly Row[], origin = 1_118_846_978_900): string {
  return rows
    .map(({ vehicle, frame, x, y, length, width, lane }) =>
      [
        vehicle,
        frame,
        rows.length,
        origin + frame * 100,
        feet(-y),
        feet(x),
        "6042842.1",
        "2133117.6",
        feet(length),
        feet(width),
        2,
        "40.00",
        "0.00",
        lane,
        0,
        0,
        "0.00",
        "0.00",
      ].join(" \t"),
    )
    .join(" \r\n");
}

/** The same with a header and the name of the site, as it was published again. */
export function ngsimCsv(rows: readonly Row[], location = "us-101", origin = 1_118_846_978_900): string {
  const header =
    "Vehicle_ID,Frame_ID,Total_Frames,Global_Time,Local_X,Local_Y,v_length,v_Width,v_Class,Lane_ID,Location";
  const lines = rows.map(({ vehicle, frame, x, y, length, width, lane }) =>
    [
      vehicle,
      frame,
      9,
      origin + frame * 100,
      feet(-y),
      feet(x),
      feet(length),
      feet(width),
      2,
      lane,
      location,
    ].join(","),
  );
  return [header, ...lines].join("\n");
}

/** Boxes in a picture, for both carriageways: the upper one is the lower one turned about. */
export function highd(rows: readonly Row[], carriageway: "upper" | "lower") {
  const pictureHeight = 30;
  const lines = rows.map(({ vehicle, frame, x, y, length, width, lane }) => {
    const center = { x: x - length / 2, y: pictureHeight / 2 + 2 - y };
    const placed =
      carriageway === "lower" ? center : { x: roadLength - center.x, y: pictureHeight - center.y };
    return [frame, vehicle, placed.x - length / 2, placed.y - width / 2, length, width, lane].join(",");
  });
  const lower = [0, 1, 2, 3].map((i) => pictureHeight / 2 + 2 + i * laneWidth);
  const upper = lower.map((height) => pictureHeight - height).reverse();
  const vehicles = [...new Set(rows.map(({ vehicle }) => vehicle))];
  const direction = carriageway === "upper" ? 1 : 2;
  return {
    tracks: file("01_tracks.csv", ["frame,id,x,y,width,height,laneId", ...lines].join("\n")),
    tracksMeta: file(
      "01_tracksMeta.csv",
      ["id,drivingDirection", ...vehicles.map((id) => `${id},${direction}`)].join("\n"),
    ),
    recordingMeta: file(
      "01_recordingMeta.csv",
      `id,frameRate,upperLaneMarkings,lowerLaneMarkings\n1,10,${upper.join(";")},${lower.join(";")}`,
    ),
  };
}

/** A scenario whose road points to the north-east: one lanelet per lane and half of the road. */
export function commonRoad(rows: readonly Row[]): string {
  const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)];
  const point = (x: number, y: number): string =>
    `<point><x>${(100 + x * cos - y * sin).toFixed(6)}</x><y>${(50 + x * sin + y * cos).toFixed(6)}</y></point>`;
  const bound = (tag: string, from: number, to: number, y: number): string =>
    `<${tag}>${point(from, y)}${point((from + to) / 2, y)}${point(to, y)}</${tag}>`;
  const lanelets = [0, 1, 2].flatMap((lane) =>
    [0, 1].map((half) => {
      const [from, to] = [half * (roadLength / 2), (half + 1) * (roadLength / 2)];
      const next = half === 0 ? `<successor ref="${10 * lane + 2}"/>` : "";
      const left = bound("leftBound", from, to, -lane * laneWidth);
      const right = bound("rightBound", from, to, -(lane + 1) * laneWidth);
      return `<lanelet id="${10 * lane + half + 1}">${left}${right}${next}</lanelet>`;
    }),
  );
  const vehicles = [...new Set(rows.map(({ vehicle }) => vehicle))];
  const obstacles = vehicles.map((vehicle) => {
    const own = rows.filter((row) => row.vehicle === vehicle);
    const states = own.map(({ frame, x, y, length }, i) => {
      const tag = i === 0 ? "initialState" : "state";
      return `<${tag}><position>${point(x - length / 2, y)}</position><time><exact>${frame}</exact></time></${tag}>`;
    });
    const { length, width } = own[0];
    return (
      `<dynamicObstacle id="${vehicle}"><type>car</type><shape><rectangle><length>${length}</length>` +
      `<width>${width}</width></rectangle></shape>${states[0]}<trajectory>${states.slice(1).join("")}</trajectory>` +
      `</dynamicObstacle>`
    );
  });
  return `<?xml version="1.0"?>\n<commonRoad timeStepSize="0.1" commonRoadVersion="2020a">\n${[...lanelets, ...obstacles].join("\n")}\n</commonRoad>\n`;
}

/** A table of its own kind: seconds, rear bumpers, from right to left and backwards, semicolons. */
export function ownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ vehicle, frame, x, y, length, width }) =>
    [`"car; ${vehicle}"`, (frame / 10).toFixed(2), -(x - length), -y, length, width].join(";"),
  );
  return ["who;when;where;aside;long;wide", ...lines].join("\n");
}

export const ownTableMap = {
  columns: {
    vehicle: "who",
    time: "when",
    along: "where",
    across: "aside",
    length: "long",
    width: "wide",
  },
  delimiter: ";",
  reference: "rear",
  alongGrows: "backward",
  acrossGrows: "right",
};
