import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { drawRecording } from "../../src/episodes/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

/** Elements of an SVG text by name, with their attributes; throws when it is no XML. */
function elementsOf(svg: string): { name: string; attributes: { [name: string]: string } }[] {
  const found: { name: string; attributes: { [name: string]: string } }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => found.push({ name, attributes: { ...attributes } }));
  parser.write(svg).close();
  return found;
}

const left = car(1, { x: 10 }, steady(20, 200));
const right = car(2, { x: 10, y: -7.4 }, steady(5, 200));

test("a picture is plain SVG that says who, how long and which lanes", () => {
  const svg = drawRecording(recordingOf([left, right], { name: "Fish & <Chips>" }));
  expect(elementsOf(svg)[0].name).toBe("svg");
  expect(svg).toContain("Fish &amp; &lt;Chips&gt;");
  expect(svg).toContain("2 vehicles, 20.1 s, 3 lanes");
  for (const lane of [0, 1, 2]) expect(svg).toContain(`>lane ${lane}<`);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("slow and fast tracks have different colors, in their own lane's panel only", () => {
  const colorsOf = (tracks: Parameters<typeof recordingOf>[0]): (string | undefined)[] =>
    elementsOf(drawRecording(recordingOf(tracks)))
      .filter(({ name, attributes }) => name === "path" && attributes["stroke-opacity"] !== undefined)
      .map(({ attributes }) => attributes.stroke);
  const both = colorsOf([left, right]);
  // Each once from above and once over time.
  expect(both).toHaveLength(4);
  expect(new Set(both).size).toBe(2);
  expect(colorsOf([left])).toHaveLength(2);
});

test("a recording without vehicles can be drawn, and the same one gives the same text", () => {
  const empty = recordingOf([], { frames: 100 });
  expect(drawRecording(empty)).toBe(drawRecording(empty));
  expect(drawRecording(empty)).not.toMatch(/NaN|undefined|Infinity/);
});
