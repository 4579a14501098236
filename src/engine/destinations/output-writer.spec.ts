import type { OutputSink } from './output-sink';
import { OutputBuffers, OutputWriter } from './output-writer';

/** A sink that takes nothing before it is told to. */
class SlowSink implements OutputSink {
  readonly chunkBytes = 4;
  readonly taken: string[] = [];
  whole: string | undefined;
  private take: () => void = () => undefined;

  async write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => (this.take = resolve));
    this.taken.push(Buffer.from(bytes).toString());
  }

  end(bytes: Uint8Array): Promise<void> {
    this.whole = this.taken.join('') + Buffer.from(bytes).toString();
    return Promise.resolve();
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }

  release(): void {
    this.take();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an output', () => {
  it('comes in whole chunks, the rest at its end', async () => {
    const sink = new SlowSink();
    const writer = new OutputWriter(sink, new OutputBuffers());
    writer.current.text('abcdefghij');
    expect(writer.isFull).toBe(true);
    await writer.flush();
    sink.release();
    writer.current.text('k');
    expect(writer.isFull).toBe(false);
    await writer.finish();
    expect([sink.taken, sink.whole, writer.bytes]).toEqual([['abcdefgh'], 'abcdefghijk', 11]);
  });

  it('that is nothing is ended, too', async () => {
    const sink = new SlowSink();
    await new OutputWriter(sink, new OutputBuffers()).finish();
    expect([sink.taken, sink.whole]).toEqual([[], '']);
  });

  it('goes on while one chunk is being taken, and waits with the next, also of another output', async () => {
    const [first, second] = [new SlowSink(), new SlowSink()];
    const buffers = new OutputBuffers();
    const [one, two] = [new OutputWriter(first, buffers), new OutputWriter(second, buffers)];
    one.current.text('abcd');
    await one.flush();
    one.current.text('efgh');
    two.current.text('1234');
    let isThrough = false;
    const flushed = two.flush().then(() => (isThrough = true));
    await turn();
    expect(isThrough).toBe(false);
    first.release();
    await flushed;
    expect(first.taken).toEqual(['abcd']);
    second.release();
    await two.finish();
    const finished = one.finish();
    await turn();
    first.release();
    await finished;
    expect([first.whole, second.whole]).toEqual(['abcdefgh', '1234']);
  });

  it('tells what is wrong with its sink at the next chunk or at the end', async () => {
    const broken = { ...new SlowSink(), chunkBytes: 4, write: () => Promise.reject(new Error('full')) };
    const sink: OutputSink = { ...broken, end: () => Promise.resolve(), abort: () => Promise.resolve() };
    const writer = new OutputWriter(sink, new OutputBuffers());
    writer.current.text('abcd');
    await writer.flush();
    await turn();
    await expect(writer.finish()).rejects.toThrow('full');
  });
});
