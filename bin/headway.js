#!/usr/bin/env node
import { register } from "tsx/esm/api";

register();
const { outliveReaders } = await import("../src/cli/readers.ts");
const { main } = await import("../src/cli/main.ts");
outliveReaders();
process.exitCode = await main(process.argv.slice(2));
