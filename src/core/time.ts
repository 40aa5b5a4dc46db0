/** Between two frames of recordings, two steps of generated traffic and two frames that a model imagines [s]. */
export const frameSeconds = 0.1;
