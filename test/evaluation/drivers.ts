import type { Action, Driver, Scene } from "../../src/sim/index.ts";

/** A driver that decides by a rule, and remembers when it was asked. */
export function ruleDriver(
  rule: (scene: Scene) => Action,
  decisionFrames?: number,
): Driver & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    name: "rule",
    calls,
    ...(decisionFrames === undefined ? {} : { decisionFrames }),
    begin: () => ({
      observe: (scenes) =>
        void calls.push(`observe ${scenes.map((scene) => scene?.ego.x.toFixed(1) ?? "over").join(" ")}`),
      act(scenes, actions) {
        calls.push(`act ${scenes.map((scene) => scene?.ego.x.toFixed(1) ?? "over").join(" ")}`);
        scenes.forEach((scene, i) => {
          if (scene !== null) Object.assign(actions[i], rule(scene));
        });
      },
      dispose: () => void calls.push("dispose"),
    }),
  };
}

export const coasting = () => ruleDriver(() => ({ acceleration: 0, steering: 0 }));

/** Does what the recorded human did; loses its way when it may not know. */
export const human = () =>
  ruleDriver((scene) => {
    if (scene.recordedAction === null) throw new Error("expected to follow the record");
    return { ...scene.recordedAction };
  }, 1);
