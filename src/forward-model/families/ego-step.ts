import * as tf from "@tensorflow/tfjs";
import { egoStateColumns } from "../ego-motion.ts";
import type { EgoStepInput } from "./ego-network.ts";

/** Numbers that `stepFeatures` gives for Tc context states. */
export const stepFeatureCount = (contextFrames: number): number => 5 + 2 * contextFrames;

const usualSpeed = 8;
const speedScale = 5;
const turnScale = 0.01;
const headingScale = 0.025;

/**
 * What a step does to the ego, as numbers near one, [B, 5 + 2 Tc]: by how much more it comes forward than in the
 * step before [m/s²], how far [m/s], how far it turns, its new heading and speed; then speed and heading of the
 * context. The first is what an acceleration does to the next picture, a few hundredths of a pixel: without a
 * scale of its own no network finds it.
 */
export function stepFeatures(
  { states, next }: Pick<EgoStepInput, "states" | "next">,
  stepSeconds: number,
): tf.Tensor2D {
  const now = states.at(-1)!;
  const column = (state: tf.Tensor2D, index: number): tf.Tensor2D =>
    tf.slice(state, [0, index], [state.shape[0], 1]);
  const { x, y, heading, speed } = egoStateColumns;
  const forward = (from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor2D => {
    const angle = column(from, heading);
    return tf.add(
      tf.mul(tf.sub(column(to, x), column(from, x)), tf.cos(angle)),
      tf.mul(tf.sub(column(to, y), column(from, y)), tf.sin(angle)),
    );
  };
  const scaledSpeed = (value: tf.Tensor2D): tf.Tensor2D => tf.div(tf.sub(value, usualSpeed), speedScale);
  const travelled = forward(now, next!);
  const before = states.length > 1 ? forward(states.at(-2)!, now) : tf.mul(column(now, speed), stepSeconds);
  const features = [
    tf.div(tf.sub(travelled, before), stepSeconds ** 2),
    scaledSpeed(tf.div(travelled, stepSeconds)),
    tf.div(tf.sub(column(next!, heading), column(now, heading)), turnScale),
    tf.div(column(next!, heading), headingScale),
    scaledSpeed(column(next!, speed)),
    ...states.flatMap((state) => [
      scaledSpeed(column(state, speed)),
      tf.div(column(state, heading), headingScale),
    ]),
  ];
  return tf.concat(features as tf.Tensor2D[], 1);
}
