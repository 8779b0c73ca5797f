import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { PageState } from "./state";

/** The server: answers each path in turn, once told to. */
let asked: { path: string; answer: (body: object, ok?: boolean) => void }[] = [];

beforeEach(() => {
  asked = [];
  globalThis.fetch = ((path: string) =>
    new Promise((resolve) => {
      asked.push({
        path,
        answer: (body, ok = true) => resolve({ ok, status: ok ? 200 : 500, json: async () => body } as Response),
      });
    })) as typeof fetch;
});

const calm = () => new Promise((resolve) => setTimeout(resolve, 0));
const call = (n: number) => ({ n, problems: [] });

test("what changes while a question is under way is asked about once more, whatever the number of changes", async () => {
  const state = new PageState("");
  state.look("clock");
  for (let change = 0; change < 5; change += 1) state.look("clock");
  asked[0]?.answer({ ahead: 0 });
  await calm();
  asked[1]?.answer({ ahead: 60 });
  await calm();

  assert.equal(asked.length, 2);
  assert.equal(state.known.panes.clock?.ahead, 60);
});

test("an answer that fails leaves what was known, and the next question is asked", async () => {
  const state = new PageState("");
  state.look("clock");
  asked[0]?.answer({ ahead: 60 });
  await calm();
  state.look("clock");
  asked[1]?.answer({}, false);
  await calm();
  state.look("clock");

  assert.equal(state.known.panes.clock?.ahead, 60);
  assert.equal(asked.length, 3);
});

test("the address chooses what is asked for", () => {
  const state = new PageState("#slack.user=U2&slack.channel=C1");
  state.look("slack");

  assert.equal(asked[0]?.path, "/page/slack?user=U2&channel=C1");
});

test("the wire is asked only for what is new, and begins anew with the playground", async () => {
  const state = new PageState("");
  state.look("wire");
  asked[0]?.answer({ calls: [call(1), call(2)], last: 2, problems: 0 });
  await calm();
  state.look("wire");
  asked[1]?.answer({ calls: [call(3)], last: 3, problems: 1 });
  await calm();
  const before = state.known.panes.wire;
  state.look("wire");
  asked[2]?.answer({ calls: [], last: 1, problems: 0 });
  await calm();
  asked[3]?.answer({ calls: [call(1)], last: 1, problems: 0 });
  await calm();

  assert.deepEqual(
    asked.map(({ path }) => path),
    ["/page/wire?after=0", "/page/wire?after=2", "/page/wire?after=3", "/page/wire?after=0"],
  );
  assert.deepEqual(
    before?.calls.map(({ n }) => n),
    [1, 2, 3],
  );
  assert.equal(before?.problems, 1);
  assert.deepEqual(
    state.known.panes.wire?.calls.map(({ n }) => n),
    [1],
  );
});
