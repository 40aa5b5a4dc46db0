import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeRecording } from "../../src/episodes/index.ts";
import { absurdRecording, waveRecording } from "../support/recordings.ts";
import { headway, headwayHere, headwayUnread, headwayWithSmallFiles, type Ran } from "./headway.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One message on stderr, nothing on stdout, exit code 2, and no stack trace. */
function expectRefusal({ code, stdout, stderr }: Ran, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(2);
}

test("an unknown command is refused by name", () => {
  expectRefusal(headway("fly"), /unknown command 'fly'/);
});

test("options that a command would not heed are refused by name", async () => {
  for (const command of [["config"], ["record", "--traffic", "dense"]]) {
    expectRefusal(await headwayHere(...command, "--workers", "1"), /^error: unknown option '--workers'/);
  }
  for (const command of [
    ["config"],
    ["record", "--traffic", "dense"],
    ["soak"],
    ["realism"],
    ["calibrate"],
  ]) {
    expectRefusal(await headwayHere(...command, "--backend", "cpu"), /^error: unknown option '--backend'/);
  }
});

test("commands that divide their work say so", async () => {
  for (const command of ["evaluate", "compare", "check-up", "foresee"]) {
    const help = await headwayHere(command, "--help");
    expect(help.stdout.replace(/\s+/g, " ")).toContain("--workers <n> processor cores to use");
  }
});

test("who stops reading does not stop the work", async () => {
  expect(await headwayUnread("config")).toEqual({ code: 0, stderr: "" });
});

test("an unknown preset is refused with the known ones", async () => {
  expectRefusal(
    await headwayHere("config", "--preset", "huge"),
    /expected one of laptop, debug, paper, got huge/,
  );
});

test("an unknown configuration key is refused with the known ones beside it", async () => {
  const ran = await headwayHere("config", "--set", "forwardModel.lattentSize=4");
  expectRefusal(ran, /unknown key forwardModel\.lattentSize; expected one of .*forwardModel\.latentSize/);
});

test("a value of the wrong kind is refused by its key", async () => {
  expectRefusal(
    await headwayHere("config", "--set", "forwardModel.latentSize=many"),
    /forwardModel\.latentSize: .*"many"/,
  );
  expectRefusal(
    await headwayHere("config", "--set", "traffic.scenarios=[1]"),
    /traffic\.scenarios\.0: expected string, got 1\.$/m,
  );
});

test("what is no object of settings is refused by its file, in one line whatever the file holds", async () => {
  const list = join(folder, "list.json");
  const prose = join(folder, "prose.json");
  writeFileSync(list, "[1]");
  writeFileSync(prose, "hello\nworld\n");
  expectRefusal(await headwayHere("config", "--config", list), /list\.json: expected an object of conf/);
  expectRefusal(
    await headwayHere("config", "--config", prose),
    /prose\.json: expected configuration .*"hello/,
  );
});

test("a place where nothing can be written is refused before any work is done", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const words of [
    ["record", "--traffic", "dense", "--out", join(file, "deep", "er")],
    ["check-up", "none", "--out", file],
    ["calibrate", "--out", join(file, "x.json")],
    ["train", "model", "--run", join(file, "run")],
    ["evaluate", "--out", file],
  ]) {
    expectRefusal(await headwayHere(...words), /can be written, but a part of the path is not a folder\.$/m);
  }
  expectRefusal(
    await headwayHere("calibrate", "--out", folder),
    /expected a file that can be written, but it is a folder\.$/m,
  );
});

test("recordings without a frame, and changes that would come after the end, are refused", async () => {
  const record = ["record", "--traffic", "free-flow", "--out", join(folder, "recorded"), "--minutes"];
  expectRefusal(
    await headwayHere(...record, "0.001"),
    /expected at least 0\.1 s of traffic to record, got 0\.06 s/,
  );
  expectRefusal(
    await headwayHere(...record, "0.1", "--change", "60:timeGap=2"),
    /expected a change within the 6 s of the recording, got one at 60 s/,
  );
  expect(existsSync(join(folder, "recorded"))).toBe(false);
});

test("a change is refused of traffic that was recorded and happened as it did", async () => {
  expectRefusal(
    await headwayHere("record", "--traffic", "us101", "--out", folder, "--change", "5:timeGap=2"),
    /^--traffic with --change: expected a scenario \(dense, .*\), got us101\.$/m,
  );
});

test("benchmarks refuse settings that are none, and traffic in which nobody has a whole window", async () => {
  for (const what of ["sim", "render"])
    expectRefusal(
      await headwayHere("bench", what, "--set", "foo=1"),
      /unknown key foo; expected one of seed/,
    );
  expectRefusal(
    await headwayHere("bench", "render", "--vehicles", "3"),
    /^--vehicles: expected enough for a whole window of traffic around one, got 3 on 6 lanes\.$/m,
  );
});

test("the name of generated traffic where a recording is asked for is answered with how to make one", async () => {
  expectRefusal(
    await headwayHere("train", "model", "--run", join(folder, "run"), "--data", "dense"),
    /^dense: expected a recording .*`headway record --traffic dense`/,
  );
});

test("a port beyond the last one is refused", async () => {
  expectRefusal(await headwayHere("watch", "--port", "99999"), /expected a port up to 65535, got "99999"/);
});

test("one candidate is refused: there is no better half of it to follow", async () => {
  expectRefusal(
    await headwayHere("calibrate", "--candidates", "1", "--out", join(folder, "x.json")),
    /expected a whole number of at least 2, got "1"/,
  );
});

test("a missing file of traffic is refused", async () => {
  const ran = await headwayHere(
    "import",
    join(folder, "none.csv"),
    "none.csv",
    "--format",
    "us101",
    "--out",
    "x",
  );
  expectRefusal(ran, /none\.csv: expected recorded traffic, but there is no such file/);
});

test("a table with a wrong column is refused by file, line and column", async () => {
  const csv = join(folder, "tracks.csv");
  writeFileSync(csv, "cluster,frame,vehicle_id,s_ft,lat_m,length_m,width_m\nB,0,1,0,0,4,2\n");
  const ran = await headwayHere(
    "import",
    csv,
    csv,
    "--format",
    "us101",
    "--out",
    join(folder, "out.recording"),
  );
  expectRefusal(ran, /tracks\.csv, line 1: expected a column s_m/);
});

test("a driver that is neither known nor a file is refused with the known ones", async () => {
  expectRefusal(
    await headwayHere("evaluate", "--driver", "nobody"),
    /expected a driver \(human, none, random, idm, .*cem\) or .*, got nobody/,
  );
});

test("a missing checkpoint is refused by its path", async () => {
  const missing = join(folder, "none.headway");
  expectRefusal(
    await headwayHere("evaluate", "--driver", missing),
    /none\.headway: expected a trained policy, but there is no/,
  );
  const train = ["train", "policy", "--model", missing, "--run", join(folder, "run")];
  expectRefusal(
    await headwayHere(...train),
    /none\.headway: expected a forward model, but there is no such file/,
  );
});

test("a damaged checkpoint, and one of another kind, are refused by name and leave no run behind", async () => {
  const damaged = join(folder, "damaged.headway");
  writeFileSync(damaged, readFileSync("data/recordings/us101.recording").subarray(0, 50_000));
  const train = ["train", "policy", "--data", "us101", "--run", join(folder, "run"), "--model"];
  expectRefusal(
    await headwayHere(...train, damaged),
    /damaged\.headway: expected a forward model, got a damaged one/,
  );
  expectRefusal(
    await headwayHere(...train, "data/recordings/us101.recording"),
    /us101\.recording: expected a forward model, got a recording/,
  );
  expect(existsSync(join(folder, "run"))).toBe(false);
});

test("a method that a model or a setting does not suit is refused before traffic is made for it", async () => {
  const run = join(folder, "unsuited");
  const words = ["--preset", "debug", "--model", "data/pretrained/forward-model.headway", "--run", run];
  const set = ["--set", 'policy.uncertainty.of=["state"]'];
  for (const command of [
    ["train", "policy"],
    ["sweep", "rollout-length"],
  ])
    expectRefusal(
      await headwayHere(...command, ...words, ...set),
      /^policy\.uncertainty\.of: expected no state/,
    );
  const quickstart = ["quickstart", "--preset", "debug", "--run", run, "--set"];
  expectRefusal(
    await headwayHere(...quickstart, "policy.head=mixture"),
    /^policy\.head: expected .*, got mixture/,
  );
  expect(existsSync(run)).toBe(false);
});

test("bad numbers in a recording are refused before a training starts, and leave no run behind", async () => {
  const absurd = join(folder, "absurd.recording");
  const run = join(folder, "run");
  writeFileSync(absurd, absurdRecording());
  expectRefusal(
    await headwayHere("train", "model", "--preset", "debug", "--data", "us101", absurd, "--run", run),
    /absurd\.recording: vehicle 12, frame 1: expected a speed from 0 to 100 m\/s, got 500\.$/m,
  );
  expect(existsSync(run)).toBe(false);
});

test("a recording too short to learn from is refused by its split, and leaves no run behind", async () => {
  const short = join(folder, "short.recording");
  const run = join(folder, "run");
  writeFileSync(short, encodeRecording(waveRecording()));
  const train = ["train", "model", "--preset", "debug", "--workers", "2", "--run", run, "--data", short];
  expectRefusal(
    await headwayHere(...train),
    /^waves: expected vehicles that are seen for 11 frames on end in the validation split, got none/,
  );
  expect(existsSync(run)).toBe(false);
});

test("a file that grows too large in mid-write fails in one sentence and keeps the old file", () => {
  const out = join(folder, "us101.recording");
  writeFileSync(out, "old");
  const ran = headwayWithSmallFiles(
    16,
    "import",
    "data/recordings/us101.csv.gz",
    "data/recordings/us101_windows.csv",
    "--format",
    "us101",
    "--out",
    out,
  );
  expect(ran.stderr.trim()).toBe(
    `${out}: could not be written, the file would be larger than the system allows. The earlier file is untouched.`,
  );
  expect(ran.code).toBe(1);
  expect(readFileSync(out, "utf8")).toBe("old");
  expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

test("what was found is told even where it cannot be kept", () => {
  const place = join(folder, "kept");
  const words = ["evaluate", "--driver", "none", "--traffic", "us101", "--episodes", "20", "--out", place];
  const ran = headwayWithSmallFiles(16, ...words, "--json");
  expect(ran.stderr).toMatch(/could not be written, the file would be larger than the system allows\.\n$/);
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ rows: [{ driver: "none", episodes: 20 }] });
});
