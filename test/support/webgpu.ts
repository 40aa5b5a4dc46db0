import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../../src/core/index.ts";
import { provideWebGpu } from "../../src/cli/webgpu/dawn.ts";

/** A program that stands in for a graphics card, from Chromium. */
const swiftShaders = ["/usr/lib/chromium", dirname(process.env["CHROME_PATH"] ?? "/")].map((folder) =>
  join(folder, "vk_swiftshader_icd.json"),
);

/**
 * Brings WebGPU to this process, on a real graphics card or on Chromium's software one.
 * @returns null, or the sentence that says what is missing
 */
export async function whyNoWebGpu(): Promise<string | null> {
  const software = swiftShaders.find((file) => existsSync(file));
  if (software !== undefined) process.env["VK_ICD_FILENAMES"] ??= software;
  try {
    await provideWebGpu();
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
