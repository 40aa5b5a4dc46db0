/** How a changing set of things becomes a changing set of views. */
export interface ReconcilerOptions<Thing, View> {
  /** Tells things apart from frame to frame. */
  readonly key: (thing: Thing) => number;
  readonly enter: (thing: Thing) => View;
  readonly update: (view: View, thing: Thing) => void;
  readonly exit: (view: View) => void;
}

/** A function that is given the things of each frame and keeps one view for each of them. */
export function createReconciler<Thing, View>(
  options: ReconcilerOptions<Thing, View>,
): (things: Iterable<Thing>) => void {
  const views = new Map<number, View>();
  const seen = new Set<number>();
  return (things) => {
    seen.clear();
    for (const thing of things) {
      const key = options.key(thing);
      seen.add(key);
      let view = views.get(key);
      if (view === undefined) {
        view = options.enter(thing);
        views.set(key, view);
      }
      options.update(view, thing);
    }
    for (const [key, view] of views) {
      if (seen.has(key)) continue;
      options.exit(view);
      views.delete(key);
    }
  };
}
