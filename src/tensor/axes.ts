/** One axis: a letter to be read off the tensor, or the length it must have. */
type Axis = string | number;

/**
 * Reads the lengths of named axes and checks the fixed ones; a letter that appears twice must agree.
 *
 *     const { B, T } = axes(pixels, ["B", "T", 64, 16, 4]);
 *
 * @throws Error "expected [B, T, 64, 16, 4], got [2, 64, 16, 4]".
 */
export function axes<const Expected extends readonly Axis[]>(
  tensor: { readonly shape: readonly number[] },
  expected: Expected,
): { readonly [Name in Extract<Expected[number], string>]: number } {
  const named: Record<string, number> = {};
  const fits =
    tensor.shape.length === expected.length &&
    expected.every((axis, i) => {
      const length = tensor.shape[i];
      return (typeof axis === "number" ? axis : (named[axis] ??= length)) === length;
    });
  if (!fits) throw new Error(`expected [${expected.join(", ")}], got [${tensor.shape.join(", ")}]`);
  return named as { readonly [Name in Extract<Expected[number], string>]: number };
}
