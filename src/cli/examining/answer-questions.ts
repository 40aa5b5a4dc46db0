import type { Inquiry } from "../../examination/index.ts";
import { answerTasks } from "../worker-pool.ts";

/** For a thread's module: answers every question that comes. */
export function answerQuestions<Question, Answer>(
  open: () => Promise<Pick<Inquiry<Question, Answer, unknown>, "answer">>,
): void {
  // Not before the first question, which tells what is refused.
  let opened: ReturnType<typeof open> | undefined;
  answerTasks<Question, Answer>(async (question) => (await (opened ??= open())).answer(question));
}
