import type { VehicleNote } from "./imported.ts";

/** What is done about which vehicles, gathered on the way. */
export interface Notes {
  reject(clip: string, vehicle: string, reason: string): void;
  repair(clip: string, vehicle: string, reason: string): void;
  /** All of it; among several clips a vehicle is named with its own. */
  told(severalClips: boolean): { readonly rejected: VehicleNote[]; readonly repaired: VehicleNote[] };
}

interface ClipNote extends VehicleNote {
  readonly clip: string;
}

export function createNotes(): Notes {
  const rejected: ClipNote[] = [];
  const repaired: ClipNote[] = [];
  return {
    reject: (clip, vehicle, reason) => void rejected.push({ clip, vehicle, reason }),
    repair: (clip, vehicle, reason) => void repaired.push({ clip, vehicle, reason }),
    told(severalClips) {
      const tell = (notes: readonly ClipNote[]): VehicleNote[] =>
        notes.map(({ clip, vehicle, reason }) => ({
          vehicle: severalClips ? `${clip} ${vehicle}` : vehicle,
          reason,
        }));
      return { rejected: tell(rejected), repaired: tell(repaired) };
    },
  };
}
