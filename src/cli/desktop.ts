/** Whether this process can be expected to open a browser window for its user. */
export function hasDesktop(
  environment: { readonly [name: string]: string | undefined } = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment["CI"] !== undefined && environment["CI"] !== "false") return false;
  if (environment["SSH_CONNECTION"] !== undefined) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(environment["DISPLAY"]) || Boolean(environment["WAYLAND_DISPLAY"]);
}

/** Opens `address` in the default browser; a desktop without one is no failure. */
export async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import("open");
  try {
    const child = await open(address);
    child.on("error", () => undefined);
  } catch {
    // The address is printed as well.
  }
}
