/**
 * Who drives behind whom in one lane: indices of vehicles, farthest ahead first. Cars that keep apart never change
 * this order by driving, so it only changes when a vehicle enters or leaves the lane.
 */
export interface LaneOrder {
  readonly order: Int32Array;
  count: number;
}

export function createLaneOrder(capacity: number): LaneOrder {
  return { order: new Int32Array(capacity), count: 0 };
}

/**
 * How many vehicles of the lane are ahead of `x` [m]: the place where a vehicle at `x` belongs.
 * @param hint a place that may be near: the search begins there and goes out in doubling steps.
 */
export function placeAt({ order, count }: LaneOrder, positions: Float64Array, x: number, hint = -1): number {
  let low = 0;
  let high = count;
  let reach = hint < 0 ? count : 4;
  let middle = hint >= 0 && hint < count ? hint : count >> 1;
  while (low < high) {
    if (positions[order[middle]] > x) {
      low = middle + 1;
      middle = low + reach;
    } else {
      high = middle;
      middle = high - reach;
    }
    reach *= 2;
    if (middle < low || middle >= high) middle = (low + high) >> 1;
  }
  return low;
}

/** The place of vehicle `i` in the lane; for `hint` see `placeAt`. */
export function placeOf(lane: LaneOrder, positions: Float64Array, i: number, hint = -1): number {
  let place = placeAt(lane, positions, positions[i], hint);
  while (place < lane.count && lane.order[place] !== i) place++;
  return place;
}

export function insertAt(lane: LaneOrder, place: number, i: number): void {
  lane.order.copyWithin(place + 1, place, lane.count);
  lane.order[place] = i;
  lane.count++;
}

export function removeAt(lane: LaneOrder, place: number): void {
  lane.order.copyWithin(place, place + 1, lane.count);
  lane.count--;
}
