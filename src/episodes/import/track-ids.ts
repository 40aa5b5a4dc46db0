const perClip = 100_000_000;
const perVehicle = 100;
const mostVehicles = perClip / perVehicle;

/**
 * Numbers of tracks that can be read back: clip · 100,000,000 + number in the file · 100 + piece. A vehicle whose name
 * is no number below half a million gets the next free one from the top, as does each further hundred of pieces.
 */
export function createTrackIds(): (clipIndex: number, vehicle: string) => number {
  const pieces = new Map<string, number>();
  const numbers = new Map<string, number>();
  let free = mostVehicles - 1;
  function numberOf(vehicle: string): number {
    let number = Number(vehicle);
    if (!(Number.isInteger(number) && number >= 0 && number < mostVehicles / 2)) {
      number = numbers.get(vehicle) ?? free--;
      numbers.set(vehicle, number);
    }
    return number;
  }

  return (clipIndex, vehicle) => {
    const own = numberOf(vehicle);
    const key = `${clipIndex} ${own}`;
    const piece = pieces.get(key) ?? 0;
    pieces.set(key, piece + 1);
    const number = piece < perVehicle ? own : numberOf(`${key} ${Math.floor(piece / perVehicle)}`);
    return (clipIndex + 1) * perClip + number * perVehicle + (piece % perVehicle);
  };
}
