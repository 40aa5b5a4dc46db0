import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json: shipped data and the page are found from here, whatever the working directory. */
export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/** The forward model that ships. */
export const shippedModel = join(projectRoot, "data/pretrained/forward-model.headway");
