import { expect, test } from "vitest";
import { checksums } from "../support/pictures.ts";

// Models learned from these pictures: where a bit changes, they see another thing than they learned.
test.each(Object.entries(checksums()))("every bit is as it always was in %s", (_, checksum) => {
  expect(checksum).toMatchSnapshot();
});
