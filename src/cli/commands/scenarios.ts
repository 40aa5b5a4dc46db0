import { join } from "node:path";
import type { Command } from "commander";
import { createRng } from "../../core/index.ts";
import { createSimulation, parametersOf, type Scenario, scenarios } from "../../sim/index.ts";
import { writeFileAtomically } from "../files.ts";
import { folderToWrite } from "../options.ts";
import { createOutput } from "../output.ts";

interface ScenariosOptions {
  readonly out?: string;
  readonly json: boolean;
}

/** When a picture is taken [s]: the road is full and what the scenario is about has built up. */
const pictureSeconds = 150;

export function registerScenarios(program: Command): void {
  program
    .command("scenarios")
    .description("list the traffic that can be generated, each with its goal")
    .option(
      "--out <folder>",
      "write scenarios.md, a picture of each (scenarios/NAME.svg) and one of the shipped real traffic into this folder",
      folderToWrite,
    )
    .option("--json", "print exactly one JSON object on stdout", false)
    .action(list);
}

async function list({ out, json }: ScenariosOptions): Promise<void> {
  const output = createOutput(json);
  const known = Object.values(scenarios);
  const longest = Math.max(...known.map(({ name }) => name.length));
  for (const { name, goal } of known) output.print(`${name.padEnd(longest)}  ${goal}`);
  if (out !== undefined) {
    const { scenarioPicture } = await import("../scenarios/picture.ts");
    const { realTrafficPicture } = await import("../scenarios/real-traffic-picture.ts");
    for (const scenario of known) {
      const simulation = createSimulation(scenario, createRng(1).fork(`picture/${scenario.name}`));
      while (simulation.time < pictureSeconds) simulation.step();
      writeFileAtomically(join(out, pictureOf(scenario)), scenarioPicture(scenario, simulation));
    }
    writeFileAtomically(join(out, "scenarios/us101.svg"), realTrafficPicture());
    writeFileAtomically(join(out, "scenarios.md"), page(known));
    output.note(`Pictures and scenarios.md are in ${out}.`);
  }
  output.result({
    scenarios: known.map((scenario) => ({
      name: scenario.name,
      goal: scenario.goal,
      lanes: scenario.road.lanes.length,
      length: scenario.road.length,
      bend: scenario.road.bend ?? null,
      parameters: parametersOf(scenario),
    })),
  });
}

const pictureOf = ({ name }: Scenario): string => `scenarios/${name}.svg`;

function page(known: readonly Scenario[]): string {
  const about = known.map((scenario) => {
    const { inflowRate, truckFraction, desiredSpeed, timeGap, politeness } = parametersOf(scenario);
    const { road } = scenario;
    const shape = `${road.lanes.length} lanes, ${road.length} m${road.bend === undefined ? "" : ", bent"}`;
    return [
      `## ${scenario.name}`,
      "",
      scenario.goal,
      "",
      `![${scenario.name}, seen from above](${pictureOf(scenario)})`,
      "",
      `${shape}; inflowRate ${inflowRate}, truckFraction ${truckFraction}, desiredSpeed ${desiredSpeed}, ` +
        `timeGap ${timeGap}, politeness ${politeness}.`,
      "",
    ].join("\n");
  });
  return [
    "# Scenarios",
    "",
    "Traffic that can be generated, seen from above after " +
      `${pictureSeconds} s, each vehicle in the color of its speed.`,
    "`headway record --traffic NAME` drives one; `--set traffic.timeGap=2` changes a parameter from the start, and",
    "`--change 60:timeGap=2` while it runs. The parameters are the inflow [vehicles/s per lane], the fraction of trucks",
    "among it, the mean desired speed [m/s] and time gap [s], and the upper end of politeness in lane changes.",
    "",
    "This page is written by `headway scenarios --out docs`.",
    "",
    ...about,
    "## us101",
    "",
    "Not generated but recorded, in Los Angeles in 2005, and shipped; this is the middle of its first clip. `headway evaluate --traffic\nus101` drives in it.",
    "",
    "![us101, seen from above](scenarios/us101.svg)",
    "",
  ].join("\n");
}
