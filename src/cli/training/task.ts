import type { ParameterSpecs, Parameters } from "../../tensor/index.ts";

/** One worker's part of a training: what the loop needs to know about it. */
export interface TrainingTask {
  readonly parameters: Parameters<ParameterSpecs>;
  readonly updates: number;
  readonly checkpointUpdates: number;
  readonly gradientClip: number;
  /** Decay per update of the running mean of parameters that is validated and kept; 0: the last ones are. */
  readonly averaging: number;
  /** Names of the numbers that `gradient` and `validate` return, in a fixed order. */
  readonly reportNames: readonly string[];
  readonly validationNames: readonly string[];
  learningRate(update: number): number;
  /** Gradient over this worker's share of update `update`, and the named numbers; both are averaged over workers. */
  gradient(update: number, into: Float32Array): readonly number[];
  /** Validation over this worker's share; averaged over workers. */
  validate(): readonly number[];
  /** A number to be maximized by choosing the checkpoint, from averaged validation; null: the last one is kept. */
  score(validation: readonly number[]): number | null;
  /** The file that the training is for, with the present parameters. */
  encode(): Uint8Array;
  dispose(): void;
}
