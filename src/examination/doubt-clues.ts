import { egoStateColumns, egoStateSize } from "../forward-model/index.ts";
import { channelCount, channels, type PixelSpec } from "../sim/index.ts";

/** What predicted pictures themselves show of how wrong they may be; means over steps and pixels. */
export interface PictureClues {
  /** p·(1 − p) of the traffic channel: what brightness, read as a probability, leaves open. */
  readonly open: number;
  /** Of it, what the window's own picture reached. */
  readonly openWithin: number;
  /** Of it, what is near the ego. */
  readonly openNear: number;
  /** Brightness of the traffic channel. */
  readonly traffic: number;
  /** Squared difference of the traffic channel from row to row: what a small shift would cost. */
  readonly edges: number;
  /** Shares of the pixels that lie beyond the window's picture: ahead of it, behind it, beside it. */
  readonly ahead: number;
  readonly behind: number;
  readonly beside: number;
}

/** What the newest observed pictures show of how hard a window is, whatever is done in it; means over pixels. */
export interface ObservedClues {
  /** p·(1 − p) of the traffic channel: how much of it lies between pixels, and so blurs as soon as it moves. */
  readonly open: number;
  /** Squared change of the traffic channel since the picture before: how much moves against the ego. */
  readonly motion: number;
}

/**
 * The clues of window `b`.
 * @param context pictures as seen from the window's moving frame, bytes [B, H, W, C], oldest first
 */
export function observedClues(
  { height, width }: PixelSpec,
  context: readonly Uint8Array[],
  b: number,
): ObservedClues {
  const now = context.at(-1)!;
  const before = context.at(-2) ?? now;
  const pixels = height * width;
  let open = 0;
  let motion = 0;
  for (let i = 0; i < pixels; i++) {
    const at = (b * pixels + i) * channelCount + channels.traffic;
    const p = now[at]! / 255;
    open += p * (1 - p);
    motion += (p - before[at]! / 255) ** 2;
  }
  return { open: open / pixels, motion: motion / pixels };
}

/** How far "near the ego" reaches, ahead and to each side [m]. */
const near = { ahead: 15, left: 5 };

/**
 * The clues of window `b`.
 * @param views T × [N, H, W, C], what is predicted to be seen from the ego
 * @param states T × [N, 4]
 * @param speed of the window's moving frame [m/s]
 * @param seconds between two steps
 */
export function pictureClues(
  { height: H, width: W, metersPerRow, metersPerColumn }: PixelSpec,
  views: readonly Float32Array[],
  states: readonly Float32Array[],
  b: number,
  speed: number,
  seconds: number,
): PictureClues {
  const sums = { open: 0, openWithin: 0, openNear: 0, traffic: 0, edges: 0, ahead: 0, behind: 0, beside: 0 };
  const size = H * W * channelCount;
  const halfLength = (H / 2) * metersPerRow;
  const halfWidth = (W / 2) * metersPerColumn;
  const column = egoStateColumns;
  views.forEach((view, t) => {
    const state = states[t]!.subarray(b * egoStateSize, (b + 1) * egoStateSize);
    const x = state[column.x]! - speed * (t + 1) * seconds;
    const y = state[column.y]!;
    const cos = Math.cos(state[column.heading]!);
    const sin = Math.sin(state[column.heading]!);
    for (let i = 0; i < H; i++) {
      const ahead = halfLength - (i + 0.5) * metersPerRow;
      for (let j = 0; j < W; j++) {
        const left = halfWidth - (j + 0.5) * metersPerColumn;
        const at = b * size + (i * W + j) * channelCount + channels.traffic;
        const p = view[at]!;
        const open = p * (1 - p);
        sums.open += open;
        sums.traffic += p;
        if (i > 0) sums.edges += (p - view[at - W * channelCount]!) ** 2;
        if (Math.abs(ahead) < near.ahead && Math.abs(left) < near.left) sums.openNear += open;
        const alongFrame = x + ahead * cos - left * sin;
        const acrossFrame = y + ahead * sin + left * cos;
        const isAhead = alongFrame > halfLength;
        const isBehind = alongFrame < -halfLength;
        const isBeside = Math.abs(acrossFrame) > halfWidth;
        if (isAhead) sums.ahead++;
        if (isBehind) sums.behind++;
        if (isBeside) sums.beside++;
        if (!isAhead && !isBehind && !isBeside) sums.openWithin += open;
      }
    }
  });
  const pixels = views.length * H * W;
  for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] /= pixels;
  return sums;
}
