import { zlibSync } from "fflate";
import { crc32 } from "../core/index.ts";

/** A picture of `width` × `height` pixels, red, green, blue and opacity, a byte each, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The picture as a PNG (ISO/IEC 15948) in a data URI, for pages that hold everything they show. */
export function pngUri({ width, height, pixels }: Picture): string {
  const rows = new Uint8Array(height * (4 * width + 1));
  // Each row begins with its filter: 0, none.
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(4 * y * width, 4 * (y + 1) * width), y * (4 * width + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8); // eight bits, color with opacity
  const chunks = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  return `data:image/png;base64,${base64(chunks)}`;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(parts: readonly Uint8Array[]): string {
  const bytes = parts.flatMap((part) => Array.from(part));
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += digits[word >> 18]! + digits[(word >> 12) & 63]!;
    text += b === undefined ? "=" : digits[(word >> 6) & 63]!;
    text += c === undefined ? "=" : digits[word & 63]!;
  }
  return text;
}
