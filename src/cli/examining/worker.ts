import { workerData } from "node:worker_threads";
import type { Answer, Examiner, Question } from "../../examination/index.ts";
import { answerTasks } from "../worker-pool.ts";
import { type CheckUpPlan, examinerOf, openExaminedModel } from "./examiner.ts";

const plan = workerData as CheckUpPlan;
const open = async (): Promise<Examiner> => examinerOf(await openExaminedModel(plan), plan);
// Not before the first question, which tells what is refused.
let examiner: Promise<Examiner> | undefined;

answerTasks<Question, Answer>(async (question) => (await (examiner ??= open())).answer(question));
