import type { Inquiry } from "../../examination/index.ts";
import { type Crew, withCrew } from "../crew.ts";
import { withProgress } from "../progress.ts";
import type { ModelFile } from "./model.ts";

export interface CrewPlan {
  /** What a thread runs: it calls `answerQuestions`. */
  readonly module: URL;
  /** What it opens the same inquiry with. */
  readonly workerData: { readonly file: ModelFile };
  readonly workers: number;
}

/** Lends threads that answer questions; however that ends, none is left. */
export const withExaminingCrew = <Question, Answer, Outcome>(
  { module, workerData, workers }: CrewPlan,
  use: (crew: Crew<Question, Answer>) => Promise<Outcome>,
): Promise<Outcome> =>
  withCrew({ module, workerData, startSeconds: 4, workers, backend: workerData.file.backend }, use);

/**
 * Asks all questions, in this thread or of a crew where that is worth it.
 * @param what it is, in a word
 * @param seconds that the questions take at least [s of a core]
 */
export function ask<Question, Answer, Outcome>(
  { questions, answer, conclude }: Inquiry<Question, Answer, Outcome>,
  what: string,
  seconds: number,
  crew: Crew<Question, Answer>,
): Promise<Outcome> {
  return withProgress({ label: what, total: questions.length, unit: "questions" }, async (progress) => {
    let done = 0;
    const onDone = (): void => progress.update(++done);
    const here = (question: Question): Answer => {
      const answered = answer(question);
      onDone();
      return answered;
    };
    const stopped = `The ${what} was stopped before its end.`;
    const answers = crew.isWorth(questions.length, seconds)
      ? await crew.work(questions, { stopped, onDone })
      : questions.map(here);
    return conclude(answers);
  });
}
