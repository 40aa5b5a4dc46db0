import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { crc32 } from "node:zlib";
import { Gunzip } from "fflate";
import { InputError } from "../core/index.ts";
import type { TextFile } from "../episodes/index.ts";
import { reasonOf } from "./files.ts";

const chunkBytes = 1 << 20;
/** Checksum and length, at the end of a gzip file. */
const trailerBytes = 8;

/** A text file read piece by piece, so that it may be larger than memory; `.gz` is unpacked on the way. */
export function openTextFile(path: string, onBytes: (bytes: number) => void = () => {}): TextFile {
  return {
    name: path,
    chunks: {
      [Symbol.iterator]: () =>
        textOf(path, path.endsWith(".gz") ? unpacked(path, onBytes) : bytesOf(path, onBytes)),
    },
  };
}

/** Everything in a text file, or its first `atMost` characters. */
export function readTextFile(path: string, atMost = Infinity): string {
  let text = "";
  for (const chunk of openTextFile(path).chunks) {
    text += chunk;
    if (text.length >= atMost) return text.slice(0, atMost);
  }
  return text;
}

function* textOf(path: string, pieces: Iterable<Uint8Array>): Generator<string> {
  const decoder = new StringDecoder("utf8");
  for (const piece of pieces) {
    if (piece.includes(0)) throw new InputError(`${path}: expected text, got bytes that are none.`);
    yield decoder.write(piece);
  }
  yield decoder.end();
}

function* bytesOf(path: string, onBytes: (bytes: number) => void): Generator<Uint8Array> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw new InputError(`${path}: expected recorded traffic, but ${reasonOf(error)}.`);
  }
  try {
    for (;;) {
      const buffer = new Uint8Array(chunkBytes);
      let count: number;
      try {
        count = readSync(descriptor, buffer);
      } catch (error) {
        throw new InputError(`${path}: expected recorded traffic, but ${reasonOf(error)}.`);
      }
      if (count === 0) return;
      onBytes(count);
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

function* unpacked(path: string, onBytes: (bytes: number) => void): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  // Of what was unpacked of the last part; several may follow each other.
  let sum = 0;
  const gunzip = new Gunzip((piece) => {
    sum = crc32(piece, sum);
    ready.push(piece);
  });
  gunzip.onmember = () => void (sum = 0);
  let trailer = Buffer.alloc(0);
  try {
    let before: Uint8Array | undefined;
    for (const piece of bytesOf(path, onBytes)) {
      if (before !== undefined) gunzip.push(before);
      before = piece;
      trailer = Buffer.concat([trailer, piece.subarray(-trailerBytes)]).subarray(-trailerBytes);
      yield* ready.splice(0);
    }
    gunzip.push(before ?? new Uint8Array(), true);
    if (before !== undefined && (trailer.length < trailerBytes || trailer.readUInt32LE() !== sum)) {
      throw new Error("its checksum is another one");
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: expected gzip, but it does not unpack (${reasonOf(error)}).`);
  }
  yield* ready.splice(0);
}
