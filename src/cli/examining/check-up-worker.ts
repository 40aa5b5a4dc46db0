import { workerData } from "node:worker_threads";
import { answerQuestions } from "./answer-questions.ts";
import { type CheckUpPlan, openCheckUp } from "./check-up.ts";
import { openModel } from "./model.ts";

const plan = workerData as CheckUpPlan;
answerQuestions(async () => openCheckUp(await openModel(plan.file), plan));
