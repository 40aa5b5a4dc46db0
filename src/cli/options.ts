import type { SplitName } from "../episodes/index.ts";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError, type Overrides, parseAssignment } from "../core/index.ts";
import type { PopulationName } from "../sim/index.ts";
import { readJsonFile, whyUnwritable } from "./files.ts";

/** What every command understands that a configuration has a say in. */
export interface CommonOptions {
  readonly seed?: number;
  readonly preset: string;
  readonly set: readonly string[];
  readonly config?: string;
  readonly json: boolean;
}

const backends = ["auto", "webgpu", "wasm", "cpu"] as const;
export type BackendChoice = (typeof backends)[number];

/** Who can people a scenario. */
export const populationNames: readonly PopulationName[] = ["calibrated", "uncalibrated"];

/** What commands with tensors understand. */
export interface BackendOption {
  readonly backend: BackendChoice;
}

/** What commands that divide their work understand. */
export interface WorkersOption {
  readonly workers: number;
}

/** @param which of a command's works have tensors, where not all have */
export function addBackendOption(command: Command, which = ""): Command {
  const about = `${which}where tensors live; webgpu needs packages of its own`;
  return command.addOption(new Option("--backend <name>", about).choices(backends).default("auto"));
}

/** @param which of a command's works are divided, where not all are */
export function addWorkersOption(command: Command, which = ""): Command {
  const about = `${which}processor cores to use`;
  return command.option("--workers <n>", about, positiveNumber, availableParallelism());
}

/** What commands understand that have tensors and divide their work. */
export type MachineOptions = BackendOption & WorkersOption;

export const addMachineOptions = (command: Command): Command => addWorkersOption(addBackendOption(command));

/** Adds the options that all commands with a configuration share, and `further` ones that only some hear. */
export function addCommonOptions(
  command: Command,
  ...further: readonly ((command: Command) => Command)[]
): Command {
  command
    .option("--seed <n>", "root of all randomness (default: 1)", wholeNumber)
    .option("--preset <name>", "debug, laptop or paper", "laptop")
    .option("--set <key=value>", "override one configuration key; repeatable", collect, [])
    .option("--config <file>", "JSON file of configuration overrides")
    .option("--json", "print exactly one JSON object on stdout", false);
  for (const add of further) add(command);
  return command;
}

/** What `addHeldOutOptions` gives. */
export interface HeldOutOptions {
  readonly data?: readonly string[];
  readonly minutes?: number;
  readonly split: Exclude<SplitName, "train">;
}

/** Adds the options of commands that look at windows which nobody learned from. */
export function addHeldOutOptions(command: Command): Command {
  return command
    .option(
      "--data <place...>",
      "scenarios, recordings, or folders of them (default: what the configuration learns from)",
    )
    .option("--minutes <n>", "length of generated traffic (default: traffic.minutes)", minutes)
    .addOption(
      new Option("--split <name>", "which stretch of time")
        .choices(["validation", "test"])
        .default("validation"),
    );
}

/** The overrides a user asked for, the later ones winning: file, then --set, then --seed. */
export function userOverrides(options: CommonOptions): Overrides[] {
  const layers: Overrides[] = [];
  if (options.config !== undefined) {
    const layer = readJsonFile(options.config, "configuration overrides");
    if (typeof layer !== "object" || layer === null || Array.isArray(layer)) {
      throw new InputError(
        `${options.config}: expected an object of configuration overrides, got other JSON.`,
      );
    }
    layers.push(layer as Overrides);
  }
  layers.push(...options.set.map(parseAssignment));
  if (options.seed !== undefined) layers.push({ seed: options.seed });
  return layers;
}

/** What a report's command says of the settings with which it was made, so that it repeats. */
export function settingWords(options: CommonOptions & { readonly minutes?: number }, seed: number): string {
  const { preset, config, set, minutes } = options;
  const words = [
    ...(minutes === undefined ? [] : ["--minutes", String(minutes)]),
    ...(preset === "laptop" ? [] : ["--preset", preset]),
    ...(config === undefined ? [] : ["--config", config]),
    ...set.flatMap((assignment) => ["--set", assignment]),
    ...["--seed", String(seed)],
  ];
  return words.map((word) => (/^[\w.,:=/-]+$/.test(word) ? ` ${word}` : ` '${word}'`)).join("");
}

/** Parses a whole number ≥ 0 for commander. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === "") {
    throw new InvalidArgumentError(`expected a whole number, got "${text}".`);
  }
  return value;
}

/** A parser for commander of whole numbers that are not below `least`. */
export const wholeNumberFrom =
  (least: number) =>
  (text: string): number => {
    const value = wholeNumber(text);
    if (value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number of at least ${least}, got "${text}".`);
  };

export const positiveNumber = wholeNumberFrom(1);

/** Parses a folder to write into, for commander: one that cannot be written is refused before any work is done. */
export function folderToWrite(text: string): string {
  const reason = whyUnwritable(resolve(text));
  if (reason === undefined) return text;
  throw new InvalidArgumentError(`expected a folder that can be written, but ${reason}.`);
}

/** The same of a file. */
export function fileToWrite(text: string): string {
  const path = resolve(text);
  const isFolder = (): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const reason = whyUnwritable(dirname(path)) ?? (isFolder() ? "it is a folder" : undefined);
  if (reason === undefined) return text;
  throw new InvalidArgumentError(`expected a file that can be written, but ${reason}.`);
}

/** Parses a part of a whole, from 0 to 1, for commander. */
export function fraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1) || text.trim() === "") {
    throw new InvalidArgumentError(`expected a number from 0 to 1, got "${text}".`);
  }
  return value;
}

/** Parses a duration in minutes, > 0, for commander. */
export function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`expected a number of minutes above 0, got "${text}".`);
  }
  return value;
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
