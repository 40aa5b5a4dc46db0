import { stateAt, type FrameReader, type Recording } from "../episodes/index.ts";
import {
  copyVehicle,
  createTraffic,
  findContact,
  type Action,
  type Scene,
  type Traffic,
  type VehicleState,
} from "../sim/index.ts";
import { recordedActionAt, sightRange } from "./record-following.ts";

/** One vehicle that a copy of the driver drives, and what it sees. */
export interface Copy {
  /** Null: not on the road. */
  readonly scene: Scene | null;
  readonly hasDriven: boolean;
  /** How its drive ended, if not by leaving the road at its end. */
  readonly end: "collided" | "offRoad" | null;
  /** Sees the record at `frame`. */
  readRecord(reader: FrameReader, frame: number): void;
  /** Sees living traffic, being vehicle `index` of it; -1: not on the road. */
  readTraffic(traffic: Traffic, index: number, frame: number): void;
  /** Whether it has just touched another vehicle or left the road: its drive is over. */
  crashes(): boolean;
}

export function createCopy(recording: Recording, trackIndex: number, capacity: number): Copy {
  const { road } = recording;
  const track = recording.tracks[trackIndex];
  const ego: VehicleState = { x: 0, y: 0, heading: 0, speed: 0 };
  const traffic = createTraffic(capacity);
  const scene = { road, traffic, ego, shape: track, recordedAction: null as Action | null };
  let isHere = false;
  let hasDriven = false;
  let end: Copy["end"] = null;
  return {
    get scene() {
      return isHere ? scene : null;
    },
    get hasDriven() {
      return hasDriven;
    },
    get end() {
      return end;
    },
    readRecord(reader, frame) {
      isHere = stateAt(track, frame, ego);
      if (!isHere) return;
      reader.readAround(frame, traffic, ego.x, sightRange, trackIndex);
      scene.recordedAction = recordedActionAt(recording, track, frame, ego);
    },
    readTraffic(from, index, frame) {
      isHere = index >= 0 && end === null;
      if (!isHere) return;
      hasDriven = true;
      ego.x = from.x[index];
      ego.y = from.y[index];
      ego.heading = from.heading[index];
      ego.speed = from.speed[index];
      traffic.count = 0;
      for (let i = 0; i < from.count; i++) {
        if (i !== index && Math.abs(from.x[i] - ego.x) <= sightRange) {
          copyVehicle(from, i, traffic, traffic.count++);
        }
      }
      scene.recordedAction = recordedActionAt(recording, track, frame, ego);
    },
    crashes() {
      if (!isHere) return false;
      if (findContact(road, ego, track, traffic) !== null) end = "collided";
      // Beyond the end of a lane is where its vehicles leave, not off the road.
      else if (road.lanes.every(({ center, width }) => Math.abs(ego.y - center) > width / 2)) end = "offRoad";
      if (end !== null) isHere = false;
      return end !== null;
    },
  };
}
