/** Where something is on the road, or where one looks from: center [m] and heading [rad, counter-clockwise from the road axis]. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

/** A rectangle on the road, around its pose: size [m]. */
export interface OrientedBox extends Pose {
  readonly length: number;
  readonly width: number;
}

/**
 * Whether two oriented boxes overlap (touching edges do not), by the separating-axis theorem on the four
 * edge directions.
 */
export function boxesOverlap(a: OrientedBox, b: OrientedBox): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const reach = (Math.hypot(a.length, a.width) + Math.hypot(b.length, b.width)) / 2;
  if (dx * dx + dy * dy >= reach * reach) return false;
  const cosA = Math.cos(a.heading);
  const sinA = Math.sin(a.heading);
  const cosB = Math.cos(b.heading);
  const sinB = Math.sin(b.heading);
  const cos = Math.abs(cosA * cosB + sinA * sinB);
  const sin = Math.abs(cosA * sinB - sinA * cosB);
  const aLength = a.length / 2;
  const aWidth = a.width / 2;
  const bLength = b.length / 2;
  const bWidth = b.width / 2;
  return (
    Math.abs(dx * cosA + dy * sinA) < aLength + bLength * cos + bWidth * sin &&
    Math.abs(dy * cosA - dx * sinA) < aWidth + bLength * sin + bWidth * cos &&
    Math.abs(dx * cosB + dy * sinB) < bLength + aLength * cos + aWidth * sin &&
    Math.abs(dy * cosB - dx * sinB) < bWidth + aLength * sin + aWidth * cos
  );
}

/** The four corners of a box as [x, y] pairs [m], counter-clockwise from the front left. */
export function boxCorners(box: OrientedBox): [number, number][] {
  const cos = Math.cos(box.heading);
  const sin = Math.sin(box.heading);
  const l = box.length / 2;
  const w = box.width / 2;
  const corner = (ahead: number, left: number): [number, number] => [
    box.x + ahead * cos - left * sin,
    box.y + ahead * sin + left * cos,
  ];
  return [corner(l, w), corner(-l, w), corner(-l, -w), corner(l, -w)];
}
