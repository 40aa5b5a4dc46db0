import type { Command } from "commander";
import { describeConfig } from "../../core/index.ts";
import { addCommonOptions, type CommonOptions } from "../options.ts";
import { createOutput } from "../output.ts";

export function registerConfig(program: Command): void {
  addCommonOptions(
    program.command("config").description("print every configuration key, its value and its meaning"),
  ).action(config);
}

async function config(options: CommonOptions): Promise<void> {
  const { Config, configurationOf } = await import("../configuration.ts");
  const output = createOutput(options.json);
  const resolved = configurationOf(options);
  for (const line of describeConfig(Config, resolved)) output.print(line);
  output.result(resolved);
}
