/** What never changes about a vehicle [m]. */
export interface VehicleShape {
  readonly length: number;
  readonly width: number;
}

/** What changes: center of the vehicle on the road [m], heading [rad], speed [m/s, never negative]. */
export interface VehicleState {
  x: number;
  y: number;
  heading: number;
  speed: number;
}

/** What a driver decides: acceleration [m/s²; braking is negative] and steering, a path curvature [1/m; left is positive]. */
export interface Action {
  acceleration: number;
  steering: number;
}
