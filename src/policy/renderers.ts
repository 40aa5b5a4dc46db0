import { createRenderer, type PixelSpec, type Renderer, type Road } from "../sim/index.ts";

/** A renderer of each road, made when it is first asked for. */
export function createRenderers(spec: PixelSpec): (road: Road) => Renderer {
  const renderers = new Map<Road, Renderer>();
  return (road) => {
    const known = renderers.get(road) ?? createRenderer(spec, road);
    renderers.set(road, known);
    return known;
  };
}
