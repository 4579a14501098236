import { PassThrough } from 'node:stream';
import { encodeHeader, FRAME_BYTES } from './output-frames';
import { FRAMES_HELD, InvalidFrameError, OutputReceiver, RefusedOutputError, type ReceivedOutput } from './output-receiver';

const frame = (index: number, bytes: Buffer): Buffer => Buffer.concat([encodeHeader({ index, length: bytes.length }), bytes]);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes parts, but resolves only when it is told to. */
class HeldOutput implements ReceivedOutput {
  readonly parts: string[] = [];
  private readonly held: (() => void)[] = [];

  readonly write = (part: Buffer): Promise<void> => {
    // Full parts are long, and all of one byte.
    this.parts.push(part.length === FRAME_BYTES ? `full of ${part[0]}` : part.toString());
    return new Promise((resolve) => this.held.push(resolve));
  };
  readonly end = this.write;

  release(): void {
    this.held.splice(0).forEach((resolve) => resolve());
  }
}

const taking = (parts: string[]): ReceivedOutput => {
  const take = (part: Buffer): Promise<number> => Promise.resolve(parts.push(part.toString()));
  return { write: take, end: take };
};

describe('outputs from the child', () => {
  it('are told apart by their index, whatever pieces they come in', async () => {
    const bytes = Buffer.concat([frame(1, Buffer.from('one')), frame(0, Buffer.from('zero')), frame(2, Buffer.alloc(0))]);
    for (const size of [1, 3, 8, 100]) {
      const pipe = new PassThrough();
      const outputs: string[][] = [[], [], []];
      const receiver = new OutputReceiver(pipe);
      receiver.open(outputs.map(taking));
      const received = receiver.receive();
      for (let at = 0; at < bytes.length; at += size) pipe.write(bytes.subarray(at, at + size));
      pipe.end();
      expect(await received).toBe(true);
      expect(outputs).toEqual([['zero'], ['one'], ['']]);
    }
  });

  it('may come before they are named', async () => {
    const pipe = new PassThrough();
    const receiver = new OutputReceiver(pipe);
    const received = receiver.receive();
    pipe.end(frame(0, Buffer.from('a')));
    await turn();
    const parts: string[] = [];
    receiver.open([taking(parts)]);
    expect(await received).toBe(true);
    expect(parts).toEqual(['a']);
  });

  it('are held in memory up to a number of frames, whatever comes, and counts the time that it waits', async () => {
    const pipe = new PassThrough({ highWaterMark: 1 });
    const output = new HeldOutput();
    const receiver = new OutputReceiver(pipe);
    receiver.open([output]);
    const received = receiver.receive();
    const frames = Array.from({ length: FRAMES_HELD + 3 }, (_, index) => frame(0, Buffer.alloc(FRAME_BYTES, index)));
    let sent = 0;
    const sending = (async () => {
      for (const each of [...frames, frame(0, Buffer.from('end'))]) {
        await new Promise((resolve) => pipe.write(each, resolve));
        sent += 1;
      }
      pipe.end();
    })();
    for (let turns = 0; turns < 100; turns++) await turn();
    expect(output.parts).toHaveLength(FRAMES_HELD);
    expect(sent).toBeLessThanOrEqual(FRAMES_HELD + 1);
    const waited = receiver.waitedMs;
    await turn();
    expect(receiver.waitedMs).toBeGreaterThan(waited);
    const releasing = setInterval(() => output.release(), 1);
    expect(await received).toBe(true);
    await sending;
    clearInterval(releasing);
    expect(output.parts).toEqual([...frames.map((_, index) => `full of ${index}`), 'end']);
  });

  it.each<[string, Buffer]>([
    ['an index that is none', frame(1, Buffer.from('x'))],
    ['too great a length', encodeHeader({ index: 0, length: FRAME_BYTES + 1 })],
    ['a frame after the last', Buffer.concat([frame(0, Buffer.alloc(0)), frame(0, Buffer.alloc(0))])],
  ])('are refused with %s', async (_, bytes) => {
    const pipe = new PassThrough();
    const receiver = new OutputReceiver(pipe);
    receiver.open([taking([])]);
    pipe.end(bytes);
    await expect(receiver.receive()).rejects.toThrow(InvalidFrameError);
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half a header', encodeHeader({ index: 0, length: 3 }).subarray(0, 5)],
    ['half a frame', frame(0, Buffer.from('abc')).subarray(0, 9)],
    ['no last frame', frame(0, Buffer.alloc(FRAME_BYTES))],
  ])('are not whole with %s', async (_, bytes) => {
    const pipe = new PassThrough();
    const receiver = new OutputReceiver(pipe);
    receiver.open([taking([])]);
    pipe.end(bytes);
    expect(await receiver.receive()).toBe(false);
  });

  it('end with what one of them is refused for, although nothing more comes', async () => {
    const pipe = new PassThrough();
    const receiver = new OutputReceiver(pipe);
    const cause = new Error('the store is away');
    receiver.open([{ write: () => Promise.reject(cause), end: () => Promise.reject(cause) }]);
    pipe.write(frame(0, Buffer.from('abc')));
    const received = receiver.receive();
    await expect(received).rejects.toThrow(RefusedOutputError);
    await expect(received).rejects.toMatchObject({ cause });
    expect(pipe.destroyed).toBe(true);
  });
});
