import type { ReceivedOutput } from '../../src/runner/output-receiver';

/** Takes an engine's outputs into memory. */
export class ReceivedOutputs {
  /** The outputs that are whole. */
  readonly bytes = new Map<string, Buffer>();
  private readonly parts = new Map<string, Buffer[]>();

  readonly open = (name: string): ReceivedOutput => {
    const parts: Buffer[] = [];
    this.parts.set(name, parts);
    // The part's buffer is used again.
    const take = (part: Buffer): Promise<number> => Promise.resolve(parts.push(Buffer.from(part)));
    return {
      write: take,
      end: async (part) => {
        await take(part);
        this.bytes.set(name, Buffer.concat(parts));
      },
    };
  };

  text(name: string): string | undefined {
    return this.bytes.get(name)?.toString();
  }

  /** The names that were opened. */
  get names(): string[] {
    return [...this.parts.keys()];
  }
}
