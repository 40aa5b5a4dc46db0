import { workerData } from "node:worker_threads";
import { answerQuestions } from "./answer-questions.ts";
import { type ForesightPlan, openDrivers, openForesight } from "./foresight.ts";
import { openModel } from "./model.ts";

const plan = workerData as ForesightPlan;
answerQuestions(async () => {
  const model = await openModel(plan.file);
  return openForesight(model, await openDrivers(model, plan), plan);
});
