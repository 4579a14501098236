import { setTimeout as delay } from 'node:timers/promises';
import { FRAME_BYTES } from '../../src/runner/output-frames';
import { FRAMES_HELD, type ReceivedOutput } from '../../src/runner/output-receiver';
import { EngineStage } from '../support/engine-stage';
import type { ScriptStep } from '../support/scripted-engine';
import { waitFor } from '../support/wait';

let stage: EngineStage;
const run: EngineStage['run'] = (...given) => stage.run(...given);

beforeAll(async () => void (stage = await EngineStage.open()));
afterAll(() => stage.close());

describe("the engine's outputs", () => {
  const write = (chunks: number): ScriptStep => ({ do: 'writeChunks', to: 'a.jsonl', chunks, end: 'end\n' });

  it('arrive whole, whatever their size', async () => {
    const script: ScriptStep[] = [
      write(5),
      { do: 'write', to: 'empty.jsonl', text: '' },
      { do: 'write', to: 'b.jsonl', text: '{}\n' },
    ];
    expect(await run(script)).toMatchObject({
      outputs: [
        { name: 'a.jsonl', records: 1 },
        { name: 'empty.jsonl', records: 0 },
        { name: 'b.jsonl', records: 1 },
      ],
    });
    const chunks = [0, 1, 2, 3, 4].map((chunk) => Buffer.alloc(FRAME_BYTES, chunk));
    expect(stage.outputs.bytes.get('a.jsonl')?.equals(Buffer.concat([...chunks, Buffer.from('end\n')]))).toBe(true);
    expect([stage.outputs.text('empty.jsonl'), stage.outputs.text('b.jsonl')]).toEqual(['', '{}\n']);
  });

  /** Takes outputs, but not before it is told to. */
  function holdBack() {
    const held: (() => void)[] = [];
    const counted = { begun: 0, isHolding: true };
    const take = async (): Promise<void> => {
      counted.begun += 1;
      if (counted.isHolding) await new Promise<void>((resolve) => held.push(resolve));
    };
    const release = (): void => {
      counted.isHolding = false;
      held.splice(0).forEach((resolve) => resolve());
    };
    return { counted, release, openOutput: () => ({ write: take, end: take }) };
  }

  it('wait in the child while they are not taken, which costs it no time of its limit', async () => {
    const { counted, release, openOutput } = holdBack();
    // Enough for the child's start, on a busy machine too, and for its work before and after.
    const runTimeoutSeconds = 8;
    let isTransformed = false;
    const onTransformed = (): void => void (isTransformed = true);
    const running = run([write(FRAMES_HELD + 4)], { limits: { runTimeoutSeconds }, openOutput, onTransformed });
    await waitFor(() => counted.begun === FRAMES_HELD);
    // The limit is what this is about, so it has to pass.
    await delay(runTimeoutSeconds * 1_000 + 500);
    expect(counted.begun).toBe(FRAMES_HELD);
    expect(isTransformed).toBe(false);
    release();
    expect(await running).toMatchObject({ kind: 'succeeded' });
    expect(counted.begun).toBe(FRAMES_HELD + 5);
  });

  it('are waited for when the child has long ended, until the caller lets go', async () => {
    const { release, openOutput } = holdBack();
    const abort = new AbortController();
    const onTransformed = (): void => abort.abort();
    expect(await run([write(2)], { openOutput, onTransformed, signal: abort.signal })).toEqual({ kind: 'aborted' });
    release();
  });

  it('end the run at once when one is refused', async () => {
    const cause = new Error('the store is away');
    const openOutput = (): ReceivedOutput => ({ write: () => Promise.reject(cause), end: () => Promise.reject(cause) });
    expect(await run([write(1), { do: 'spin' }], { openOutput })).toEqual({ kind: 'outputs_refused', cause });
  });

  it('do not hide what is wrong with the bundle when they are refused after it has failed', async () => {
    let refuse: (cause: Error) => void = () => undefined;
    const refusal = new Promise<void>((_, reject) => (refuse = reject));
    refusal.catch(() => undefined);
    const openOutput = (): ReceivedOutput => ({ write: () => refusal, end: () => refusal });
    const running = run([write(FRAMES_HELD), { do: 'fail', code: 'input_invalid', detail: 'x' }], { openOutput });
    expect(await running).toMatchObject({ kind: 'failed', error: { code: 'input_invalid' } });
    refuse(new Error('the store is away'));
  });
});
