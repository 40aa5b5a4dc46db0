const perClip = 100_000_000;
const perVehicle = 100;
const mostVehicles = perClip / perVehicle;

/**
 * Numbers of tracks that can be read back: clip · 100,000,000 + number in the file · 100 + piece. A vehicle whose name
 * is no number below a million gets the next free one from the top.
 */
export function createTrackIds(): (clipIndex: number, vehicle: string) => number {
  const pieces = new Map<string, number>();
  const numbers = new Map<string, number>();
  let free = mostVehicles - 1;
  return (clipIndex, vehicle) => {
    let number = Number(vehicle);
    if (!(Number.isInteger(number) && number >= 0 && number < mostVehicles / 2)) {
      number = numbers.get(vehicle) ?? free--;
      numbers.set(vehicle, number);
    }
    const key = `${clipIndex} ${number}`;
    const piece = pieces.get(key) ?? 0;
    pieces.set(key, piece + 1);
    return (clipIndex + 1) * perClip + number * perVehicle + piece;
  };
}
