/**
 * Whole numbers as variable-length bytes: seven bits a byte, the smallest first, the sign folded into the lowest
 * bit (0, −1, 1, −2 … → 0, 1, 2, 3 …). Arithmetic instead of bit operators, so numbers may exceed 32 bits.
 */
export interface VarintWriter {
  write(value: number): void;
  bytes(): Uint8Array;
}

export function createVarintWriter(): VarintWriter {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  return {
    write(value) {
      if (length + 10 > buffer.length) {
        const larger = new Uint8Array(buffer.length * 2);
        larger.set(buffer);
        buffer = larger;
      }
      let folded = value < 0 ? -2 * value - 1 : 2 * value;
      while (folded >= 128) {
        buffer[length++] = (folded % 128) + 128;
        folded = Math.floor(folded / 128);
      }
      buffer[length++] = folded;
    },
    bytes: () => buffer.slice(0, length),
  };
}

export interface VarintReader {
  read(): number;
  atEnd(): boolean;
}

export function createVarintReader(bytes: Uint8Array): VarintReader {
  let position = 0;
  return {
    read() {
      let folded = 0;
      let scale = 1;
      for (;;) {
        const byte = bytes[position++];
        folded += (byte % 128) * scale;
        if (!(byte >= 128)) break;
        scale *= 128;
      }
      return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    },
    atEnd: () => position === bytes.length,
  };
}
