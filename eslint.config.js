import tseslint from "typescript-eslint";

/**
 * The rooms of docs/architecture.md: what each may import from other rooms (through their index.ts only) and
 * from node_modules. Everything not listed is an error; a room always sees its own files.
 */
export const rooms = {
  core: { sees: [], packages: ["seedrandom", "zod"] },
  assembler: { sees: [], packages: [] },
  charts: { sees: ["core"], packages: [] },
  sim: { sees: ["core", "assembler"], packages: [] },
  episodes: { sees: ["core", "sim"], packages: ["fflate", "saxes", "zod"] },
  tensor: { sees: ["core", "assembler"], packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"] },
  "forward-model": {
    sees: ["core", "sim", "episodes", "tensor"],
    packages: ["@tensorflow/tfjs", "zod"],
  },
  policy: {
    sees: ["core", "sim", "episodes", "tensor", "forward-model"],
    packages: ["@tensorflow/tfjs", "zod"],
  },
  evaluation: { sees: ["core", "sim", "episodes"], packages: [] },
  realism: { sees: ["core", "charts", "sim", "episodes"], packages: [] },
  examination: {
    sees: ["core", "charts", "sim", "episodes", "tensor", "forward-model", "policy"],
    packages: ["@tensorflow/tfjs", "fflate"],
  },
  cli: {
    sees: [
      "core",
      "charts",
      "sim",
      "episodes",
      "tensor",
      "forward-model",
      "policy",
      "evaluation",
      "realism",
      "examination",
    ],
    packages: [
      "node:",
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-backend-webgpu",
      "cli-progress",
      "commander",
      "fflate",
      "open",
      "vite",
      "webgpu",
      "zod",
    ],
  },
  "viz/worker": {
    sees: ["core", "sim", "episodes", "tensor", "forward-model", "policy", "evaluation"],
    packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
  },
  "viz/page": { sees: ["core", "sim"], packages: ["pixi.js", "uplot"] },
};

/** Rooms that may look at a clock: they face people. */
const facesPeople = (room) => room === "cli" || room.startsWith("viz/");

const topLevelRooms = [...new Set(Object.keys(rooms).map((room) => room.split("/")[0]))];

function boundaries([room, { sees, packages }]) {
  const own = room.split("/")[0];
  const hidden = topLevelRooms.filter((other) => other !== own && !sees.includes(other));
  const escaped = packages.map((name) => name.replace(/[.]/g, "\\$&"));
  const known = escaped.map((name) => (name.endsWith(":") ? name : `${name}(?:/|$)`)).join("|");
  const patterns = [
    {
      regex: `^(?:\\.\\./)+(?:${sees.join("|") || "$"})/(?!index\\.ts$)`,
      message: `src/${room} enters another room through its index.ts.`,
    },
    { regex: `^(?!\\.)(?!(?:${known || "$"}))`, message: `src/${room} must not know this package.` },
  ];
  if (hidden.length > 0) {
    patterns.push({
      regex: `^(?:\\.\\./)+(?:${hidden.join("|")})/`,
      message: `src/${room} must not know this room.`,
    });
  }
  if (room === "viz/worker" || room === "viz/page") {
    const other = room === "viz/worker" ? "page" : "worker";
    patterns.push({
      regex: `^(?:\\.\\./)+${other}/`,
      message: "Page and worker share protocol.ts and nothing else.",
    });
  }
  return {
    files: [`src/${room}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

const unseeded = [
  { object: "Math", property: "random", message: "Take an Rng as an argument." },
  { object: "Date", property: "now", message: "Only cli and viz have a clock." },
];

export default [
  { ignores: ["dist/", "data/", "node_modules/", "coverage/"] },
  {
    files: ["**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: "error",
      "max-lines": ["error", { max: 300 }],
      "no-constant-condition": ["error", { checkLoops: false }],
      "no-restricted-properties": ["error", unseeded[0]],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  ...Object.entries(rooms).map(boundaries),
  {
    files: Object.keys(rooms)
      .filter((room) => !facesPeople(room))
      .map((room) => `src/${room}/**/*.ts`),
    rules: {
      "no-restricted-properties": ["error", ...unseeded],
      "no-restricted-globals": ["error", "Date", "performance", "console", "process"],
    },
  },
];
