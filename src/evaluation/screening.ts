import { stateAt, type FrameReader, type Recording } from "../episodes/index.ts";
import { createTraffic, findContact, isOnRoad } from "../sim/index.ts";
import type { Start } from "./protocol.ts";

/** Road around the ego in which a contact is possible [m]. */
const contactRange = 30;

/** Whether the recorded human gets through the episode untouched and on the road. */
export function humanDrivesThrough(recording: Recording, reader: FrameReader, start: Start): boolean {
  const track = recording.tracks[start.track];
  const traffic = createTraffic(reader.capacity);
  const state = { x: 0, y: 0, heading: 0, speed: 0 };
  const end = start.frame + start.humanFrames;
  for (let frame = start.frame - start.warmUpFrames; frame <= end; frame++) {
    if (!stateAt(track, frame, state)) return false;
    reader.readAround(frame, traffic, state.x, contactRange, start.track);
    const box = { x: state.x, y: state.y, heading: state.heading, length: track.length, width: track.width };
    if (!isOnRoad(recording.road, box)) return false;
    if (findContact(recording.road, state, track, traffic) !== null) return false;
  }
  return true;
}
