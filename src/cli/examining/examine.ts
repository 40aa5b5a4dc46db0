import type { Answer, Examination, Examiner, Question } from "../../examination/index.ts";
import { type Crew, withCrew } from "../crew.ts";
import { withProgress } from "../progress.ts";
import type { CheckUpPlan } from "./examiner.ts";

export type ExaminingCrew = Crew<Question, Answer>;

/** What all questions to one window take at least [s of a core]. */
const windowSeconds = 0.5;

/** Lends threads that answer questions; however that ends, none is left. */
export function withExaminingCrew<Outcome>(
  plan: CheckUpPlan,
  workers: number,
  use: (crew: ExaminingCrew) => Promise<Outcome>,
): Promise<Outcome> {
  const module = new URL("./worker.ts", import.meta.url);
  return withCrew({ module, workerData: plan, startSeconds: 4, workers, backend: plan.backend }, use);
}

/** Asks an examiner's questions in this thread, or divides them among a crew where that is worth it. */
export function examine(
  examiner: Examiner,
  { windows, checkpoint }: CheckUpPlan,
  crew: ExaminingCrew,
): Promise<Examination> {
  const { questions } = examiner;
  return withProgress({ label: "check-up", total: questions.length, unit: "questions" }, async (progress) => {
    let done = 0;
    const onDone = (): void => progress.update(++done);
    const here = (question: Question): Answer => {
      const answer = examiner.answer(question);
      onDone();
      return answer;
    };
    const stopped = `The check-up of ${checkpoint} was stopped before its end.`;
    const answers = crew.isWorth(questions.length, windows * windowSeconds)
      ? await crew.work(questions, { stopped, onDone })
      : questions.map(here);
    return examiner.conclude(answers);
  });
}
