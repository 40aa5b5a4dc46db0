import { InputError } from "./errors.ts";

/**
 * Every binary file Headway writes is one envelope:
 *
 *   8 bytes  magic "HEADWAY1"
 *   4 bytes  length of the JSON header, little-endian
 *   4 bytes  CRC-32 of everything after this field
 *   …        JSON header { kind, version, …meta }
 *   …        payload
 *
 * A file of another kind or version, or one cut short or altered, is refused by name.
 */
const magic = new Uint8Array([0x48, 0x45, 0x41, 0x44, 0x57, 0x41, 0x59, 0x31]);
const prefixBytes = 16;

export type FileKind = "recording" | "forward-model" | "policy" | "training-state";

export interface Envelope<Meta> {
  readonly kind: FileKind;
  readonly version: number;
  readonly meta: Meta;
  readonly payload: Uint8Array;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 (IEEE 802.3) of `bytes`. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** UTF-8 without TextEncoder, which the pure rooms do not have: JSON is escaped to ASCII. */
function asciiBytes(json: string): Uint8Array {
  const escaped = json.replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(escaped, (c) => c.charCodeAt(0));
}

/** Packs an envelope into bytes. */
export function encodeEnvelope<Meta>(envelope: Envelope<Meta>): Uint8Array {
  const header = asciiBytes(
    JSON.stringify({ kind: envelope.kind, version: envelope.version, meta: envelope.meta }),
  );
  const bytes = new Uint8Array(prefixBytes + header.length + envelope.payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic, 0);
  view.setUint32(8, header.length, true);
  bytes.set(header, prefixBytes);
  bytes.set(envelope.payload, prefixBytes + header.length);
  view.setUint32(12, crc32(bytes.subarray(prefixBytes)), true);
  return bytes;
}

/**
 * Unpacks bytes that must be a file of `kind` and `version`.
 * @param where names the file in the message, for example its path.
 * @throws InputError when the bytes are something else, of another version, cut short or altered.
 */
export function decodeEnvelope<Meta>(
  bytes: Uint8Array,
  kind: FileKind,
  version: number,
  where: string,
): Envelope<Meta> {
  const article = kind === "training-state" ? "a training state" : `a ${kind.replace("-", " ")}`;
  if (bytes.length < prefixBytes || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new InputError(
      `${where}: expected ${article} written by Headway, got a file without its magic bytes.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(8, true);
  if (
    prefixBytes + headerLength > bytes.length ||
    crc32(bytes.subarray(prefixBytes)) !== view.getUint32(12, true)
  ) {
    throw new InputError(`${where}: expected ${article}, got a damaged one (cut short or altered).`);
  }
  let json = "";
  for (let i = 0; i < headerLength; i++) json += String.fromCharCode(bytes[prefixBytes + i]!);
  const header = JSON.parse(json) as { kind: FileKind; version: number; meta: Meta };
  if (header.kind !== kind) {
    throw new InputError(`${where}: expected ${article}, got a ${header.kind.replace("-", " ")}.`);
  }
  if (header.version !== version) {
    throw new InputError(
      `${where}: expected ${article} of version ${version}, got version ${header.version}.`,
    );
  }
  // A plain view even of a Node Buffer, whose slice() shares memory instead of copying.
  const start = prefixBytes + headerLength;
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  return { ...header, payload };
}
