import { escapeMarkup } from "../../core/index.ts";

/** Attributes of an SVG element; numbers are written with at most one digit after the point. */
export type Attributes = { readonly [name: string]: string | number };

/** A coordinate as text, to a tenth of a pixel. */
export const coordinate = (value: number): string => String(Math.round(value * 10) / 10);

/** An element around finished content. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(value)}"`)
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** Words at a place. */
export const label = (x: number, y: number, words: string, attributes: Attributes = {}): string =>
  element("text", { x, y, ...attributes }, escapeMarkup(words));
