/**
 * Fetches a file that is served beside the page.
 * @param path relative to the page, for example `data/recordings/us101.recording`.
 * @returns null when there is no such file.
 * @throws Error with one sentence when the server cannot be reached or refuses.
 */
export async function fetchFile(base: string, path: string): Promise<Uint8Array | null> {
  let response: Response;
  try {
    response = await fetch(new URL(path, base));
  } catch {
    throw new Error(`${path} could not be loaded: the server that sent this page does not answer.`);
  }
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${path} could not be loaded: the server answered ${response.status}.`);
  // A server made for single-page apps answers with the page itself where it has no file.
  if (response.headers.get("content-type")?.startsWith("text/html")) return null;
  return new Uint8Array(await response.arrayBuffer());
}
