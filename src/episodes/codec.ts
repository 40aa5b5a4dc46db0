import { deflateSync, inflateSync } from "fflate";
import { decodeEnvelope, encodeEnvelope, InputError } from "../core/index.ts";
import { quantum } from "./quantize.ts";
import type { Recording } from "./recording.ts";
import { checkNumbers } from "./sanity.ts";
import { trackFromGrid } from "./track.ts";
import { createVarintReader, createVarintWriter } from "./varint.ts";

const version = 1;

/** Everything but the tracks stands in the header as JSON. */
type Meta = Omit<Recording, "tracks"> & { readonly trackCount: number };

/**
 * Recording → bytes. Positions are whole multiples of `quantum`, written as differences of differences (zero
 * while the velocity lasts) in variable-length integers, then deflated. Headings and speeds are not stored:
 * positions imply them.
 * @throws InputError naming the first bad number (sanity.ts): a file never holds one.
 */
export function encodeRecording(recording: Recording): Uint8Array {
  checkNumbers(recording, recording.name);
  const { tracks, ...rest } = recording;
  const writer = createVarintWriter();
  const grid = (value: number): void => writer.write(Math.round(value / quantum));
  for (const track of tracks) {
    writer.write(track.id);
    writer.write(track.firstFrame);
    writer.write(track.x.length);
    grid(track.length);
    grid(track.width);
  }
  for (const axis of ["x", "y"] as const) {
    for (const track of tracks) {
      const values = track[axis];
      let previous = 0;
      let step = 0;
      for (let t = 0; t < values.length; t++) {
        const value = Math.round(values[t] / quantum);
        writer.write(value - previous - step);
        step = t === 0 ? 0 : value - previous;
        previous = value;
      }
    }
  }
  const meta: Meta = { ...rest, trackCount: tracks.length };
  return encodeEnvelope({
    kind: "recording",
    version,
    meta,
    payload: deflateSync(writer.bytes(), { level: 6 }),
  });
}

/**
 * Bytes → Recording, equal to the bit to what was encoded.
 * @param where names the file in messages.
 * @throws InputError when the bytes are something else, of another version, damaged, or hold bad numbers (sanity.ts).
 */
export function decodeRecording(bytes: Uint8Array, where: string): Recording {
  const { meta, payload } = decodeEnvelope<Meta>(bytes, "recording", version, where);
  const { trackCount, ...rest } = meta;
  const reader = createVarintReader(inflateSync(payload));
  const grid = (): number => reader.read() * quantum;
  const positions = Array.from({ length: trackCount }, () => {
    const id = reader.read();
    const firstFrame = reader.read();
    const count = reader.read();
    return {
      id,
      firstFrame,
      length: grid(),
      width: grid(),
      x: new Float64Array(count),
      y: new Float64Array(count),
    };
  });
  for (const axis of ["x", "y"] as const) {
    for (const track of positions) {
      const values = track[axis];
      let previous = 0;
      let step = 0;
      for (let t = 0; t < values.length; t++) {
        const value = reader.read() + previous + step;
        step = t === 0 ? 0 : value - previous;
        previous = value;
        values[t] = value * quantum;
      }
    }
  }
  if (!reader.atEnd()) throw new InputError(`${where}: expected ${trackCount} tracks, got bytes left over.`);
  const recording = {
    ...rest,
    tracks: positions.map((track) => trackFromGrid(track, rest.dt, rest.road.bend)),
  };
  checkNumbers(recording, where);
  return recording;
}
