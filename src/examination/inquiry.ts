/** Work on a model, divided into questions: which is answered when, and in which thread, changes nothing. */
export interface Inquiry<Question, Answer, Outcome> {
  /** Those that take longest come first. */
  readonly questions: readonly Question[];
  /** Plain data, which travels between threads. */
  answer(question: Question): Answer;
  /** @param answers to all questions, in their order */
  conclude(answers: readonly Answer[]): Outcome;
}
