import { expect, test } from "vitest";
import { createTrainingFollower } from "../../src/viz/page/training/follow-training.ts";
import type { MetricsLine, Training } from "../../src/viz/page/training/run-source.ts";

/** A run with two trainings of 3 lines each, whose server answers only when told. */
function slowRun() {
  const logged: { [name: string]: MetricsLine[] } = {
    a: [1, 2, 3].map((update) => ({ update, total: update })),
    b: [1, 2, 3].map((update) => ({ update, total: 10 * update })),
  };
  let trainings: Training[] = [
    { name: "a", settings: {}, writtenAt: 1 },
    { name: "b", settings: {}, writtenAt: 2 },
  ];
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const shown: { name: string; totals: unknown[]; grown: boolean }[] = [];
  const later = <T>(question: string, value: () => T): Promise<T> => {
    asked.push(question);
    return new Promise((resolve) => waiting.push(() => resolve(value())));
  };
  let fails = false;
  const follower = createTrainingFollower(
    {
      fetchTrainings: () => later("trainings", () => trainings),
      fetchMetrics: (name, after) =>
        later(`${name} after ${after}`, () => ({
          rewound: false,
          lines: logged[name]!.filter(({ update }) => update > after),
        })),
    },
    {
      miss: () => undefined,
      offer: () => undefined,
      show({ name }, lines, grown) {
        if (fails) throw new Error("no chart");
        shown.push({ name, totals: lines.map(({ total }) => total), grown });
      },
    },
  );
  const pause = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  /** The server answers the oldest question, or all there are. */
  const answer = async (): Promise<void> => {
    await pause();
    waiting.shift()!();
    await pause();
  };
  const settle = async (): Promise<void> => {
    do await answer();
    while (waiting.length > 0);
  };
  return {
    ...{ follower, logged, waiting, asked, shown, pause, answer, settle },
    vanish: (name: string) => (trainings = trainings.filter((one) => one.name !== name)),
    fail: (on: boolean) => (fails = on),
  };
}

test("the training that wrote last is followed, and later looks ask for later lines alone", async () => {
  const { follower, logged, asked, shown, settle } = slowRun();
  void follower.look();
  await settle();
  logged["b"]!.push({ update: 4, total: 40 });
  void follower.look();
  await settle();
  void follower.look();
  await settle();
  expect(asked).toEqual([
    ...["trainings", "b after 0"],
    ...["trainings", "b after 3"],
    ...["trainings", "b after 4"],
  ]);
  expect(shown).toEqual([
    { name: "b", totals: [10, 20, 30], grown: true },
    { name: "b", totals: [10, 20, 30, 40], grown: true },
    { name: "b", totals: [10, 20, 30, 40], grown: false },
  ]);
});

test.each([0, 1])(
  "a choice while a look waits for answer %i shows the lines of the choice, once",
  async (n) => {
    const { follower, asked, shown, waiting, pause, answer, settle } = slowRun();
    void follower.look();
    await settle();
    void follower.look();
    for (let i = 0; i < n; i++) await answer();
    void follower.choose("a");
    void follower.look();
    await pause();
    expect(waiting).toHaveLength(1);
    await settle();
    expect(asked.filter((question) => question === "a after 0")).toHaveLength(1);
    expect(shown.at(-1)).toEqual({ name: "a", totals: [1, 2, 3], grown: false });
  },
);

test("going there and back while a look waits begins anew", async () => {
  const { follower, logged, shown, answer, settle } = slowRun();
  void follower.look();
  await settle();
  logged["b"]!.push({ update: 4, total: 40 });
  void follower.look();
  await answer();
  void follower.choose("a");
  void follower.choose("b");
  await settle();
  expect(shown.at(-1)!.totals).toEqual([10, 20, 30, 40]);
});

test("a training that is gone makes place for another, from its beginning", async () => {
  const { follower, shown, vanish, settle } = slowRun();
  void follower.look();
  await settle();
  vanish("b");
  void follower.look();
  await settle();
  expect(shown.at(-1)).toEqual({ name: "a", totals: [1, 2, 3], grown: true });
});

test("a look that fails says so, and the next one looks again", async () => {
  const { follower, shown, fail, settle } = slowRun();
  fail(true);
  const failed = expect(follower.look()).rejects.toThrow("no chart");
  await settle();
  await failed;
  fail(false);
  void follower.look();
  await settle();
  expect(shown).toEqual([{ name: "b", totals: [10, 20, 30], grown: false }]);
});
