import type { Snapshot } from "../../protocol.ts";
import { byId } from "../dom.ts";

/** A panel of numbers about what the ego does. */
export interface ReadingsPanel {
  show(snapshot: Snapshot): void;
}

/** Full deflection of the two bars [m/s², 1/m]. */
const fullAcceleration = 4;
const fullSteering = 0.02;

/** Longer times concern nobody [s]. */
const longestTime = 99;
/** Harder braking helps nobody [m/s²]. */
const hardestDeceleration = 50;

const unknown = "–";
const orDash = (value: number, limit: number): string => (value < limit ? value.toFixed(1) : unknown);

export function createReadingsPanel(): ReadingsPanel {
  const text = (id: string): ((value: string) => void) => {
    const node = byId(id);
    let shown = "";
    return (value) => {
      if (value === shown) return;
      node.textContent = shown = value;
      node.toggleAttribute("data-unknown", value === unknown);
    };
  };
  const speed = text("speed-now");
  const acceleration = text("acceleration-now");
  const steering = text("steering-now");
  const gap = text("gap-now");
  const timeGap = text("time-gap-now");
  const timeToCollision = text("time-to-collision-now");
  const requiredDeceleration = text("required-deceleration-now");
  const accelerationBar = byId("acceleration-bar");
  const steeringBar = byId("steering-bar");
  return {
    show({ ego, ahead }) {
      speed(ego.speed.toFixed(1));
      acceleration(signed(ego.acceleration, 1));
      steering(signed(1000 * ego.steering, 1));
      gap(orDash(ahead.gap, Infinity));
      timeGap(orDash(ahead.timeGap, longestTime));
      timeToCollision(orDash(ahead.timeToCollision, longestTime));
      requiredDeceleration(orDash(ahead.requiredDeceleration, hardestDeceleration));
      deflect(accelerationBar, ego.acceleration / fullAcceleration);
      accelerationBar.classList.toggle("braking", ego.acceleration < 0);
      // Steering to the left is positive, and the bar points the way the car turns.
      deflect(steeringBar, -ego.steering / fullSteering);
    },
  };
}

/** A number with its sign, and a true minus. */
export function signed(value: number, digits: number): string {
  const shown = Math.abs(value).toFixed(digits);
  if (Number(shown) === 0) return shown;
  return `${value < 0 ? "−" : "+"}${shown}`;
}

function deflect(bar: HTMLElement, share: number): void {
  const bounded = Math.max(-1, Math.min(1, share));
  bar.style.transform = `scaleX(${bounded.toFixed(3)})`;
}
