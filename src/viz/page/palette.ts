/** Colors of what is drawn on the stage; the page around it has the same ones in its style sheet. */
export interface Palette {
  readonly verge: number;
  readonly asphalt: number;
  readonly seam: number;
  readonly line: number;
  readonly label: number;
  readonly ego: number;
  readonly copy: number;
  readonly car: number;
  readonly truck: number;
  readonly glass: number;
  readonly brake: number;
  readonly ghost: number;
  readonly goal: number;
  readonly imagined: number;
  readonly alarm: number;
}

const dark: Palette = {
  verge: 0x12161a,
  asphalt: 0x23282e,
  seam: 0x1d2227,
  line: 0xc9d1d9,
  label: 0x66717d,
  ego: 0x4da6ff,
  copy: 0x9cc9f5,
  car: 0xe9b949,
  truck: 0xc8923a,
  glass: 0x1b1f24,
  brake: 0xff4d42,
  ghost: 0xdfe7ef,
  goal: 0x63d297,
  imagined: 0xb9a8ff,
  alarm: 0xff6b5e,
};

const light: Palette = {
  ...dark,
  verge: 0xdfe3dc,
  asphalt: 0x50575f,
  seam: 0x494f57,
  line: 0xf3f5f6,
  label: 0x7d857f,
  ego: 0x3f9dff,
  copy: 0x8fbdec,
  car: 0xf4c65a,
  truck: 0xd9a348,
};

/** The palette for the scheme that the visitor's system prefers. */
export function currentPalette(): Palette {
  return matchMedia("(prefers-color-scheme: light)").matches ? light : dark;
}

/** A palette color as CSS. */
export const css = (color: number): string => `#${color.toString(16).padStart(6, "0")}`;
