import { fileURLToPath } from "node:url";

/** The folder that holds package.json: shipped data and the page are found from here, whatever the working directory. */
export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
