import { workerData } from "node:worker_threads";
import { splits } from "../../episodes/index.ts";
import {
  type CalibrationLoss,
  calibrationLoss,
  calibrationTargets,
  startingPopulation,
} from "../../realism/index.ts";
import { openRealTraffic } from "../real-traffic.ts";
import { answerTasks } from "../worker-pool.ts";

/** Points of one calibration, and the losses of them. */
export interface CalibrationPlan {
  readonly seed: number;
}
export type CalibrationTask = readonly number[];

const { seed } = workerData as CalibrationPlan;
const { us101, i80 } = openRealTraffic();
const start = startingPopulation(us101, splits(us101).train);
const targets = calibrationTargets(us101, i80, (recording) => splits(recording).train);

answerTasks<CalibrationTask, CalibrationLoss>((point) => calibrationLoss(start, targets, point, seed));
