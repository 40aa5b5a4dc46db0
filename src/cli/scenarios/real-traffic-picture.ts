import { createFrameReader } from "../../episodes/index.ts";
import { createTraffic } from "../../sim/index.ts";
import { openRealTraffic } from "../real-traffic.ts";
import { stretchAround, trafficPicture } from "./picture.ts";

/** The shipped real traffic in the middle of its first clip, around where most vehicles are. */
export function realTrafficPicture(): string {
  const { us101: recording } = openRealTraffic();
  const { firstFrame, endFrame } = recording.clips[0];
  const reader = createFrameReader(recording);
  const traffic = createTraffic(reader.capacity);
  reader.read(Math.floor((firstFrame + endFrame) / 2), traffic);
  const positions = traffic.x.slice(0, traffic.count).sort();
  const { road } = recording;
  return trafficPicture(
    "US-101 as recorded",
    road,
    traffic,
    stretchAround(positions[traffic.count >> 1]!, road),
  );
}
