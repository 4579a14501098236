import type { FileService } from '../files/file.service';
import type { ObjectWriter, WrittenObject } from '../files/object-writer';
import { attemptOutputPrefix } from '../jobs/object-keys';
import type { ClaimedRun, RunOutput } from '../jobs/runs.service';
import type { ReceivedOutput } from './output-receiver';

/** A store that is away is not waited for longer than this when something is to be removed. */
const REMOVAL_MS = 3_000;

/** The outputs of one attempt at a run, stored as they come, under keys of this attempt alone. */
export class RunOutputs {
  private readonly writers = new Map<string, ObjectWriter>();
  /** Those whose end was sent: that is when an object may be there. */
  private readonly ended = new Set<string>();
  private readonly stored = new Map<string, WrittenObject>();

  constructor(
    private readonly files: FileService,
    private readonly run: ClaimedRun,
  ) {}

  /** What takes the output of this name. */
  open(name: string): ReceivedOutput {
    const writer = this.files.openWrite(this.keyOf(name));
    this.writers.set(name, writer);
    return {
      write: (part) => writer.write(part),
      end: async (part) => {
        this.ended.add(name);
        this.stored.set(name, await writer.end(part));
      },
    };
  }

  /** The outputs as they are recorded, once all are stored. */
  list(outputs: readonly { readonly name: string; readonly records: number }[]): RunOutput[] {
    return outputs.map(({ name, records }) => {
      const stored = this.stored.get(name);
      if (stored === undefined) throw new Error('an output is not stored');
      return { name, records, key: this.keyOf(name), ...stored };
    });
  }

  /** Removes what this attempt has stored, whole or in part. Best effort: what stays is never seen, and removed later. */
  async discard(): Promise<void> {
    const removal = Promise.all([...this.writers.values()].map((writer) => writer.abort())).then(() =>
      this.files.remove([...this.ended].map((name) => this.keyOf(name))),
    );
    await inTime(removal);
  }

  private keyOf(name: string): string {
    return attemptOutputPrefix(this.run, this.run.attempt) + name;
  }
}

/** Waits for a removal, but not for ever; it goes on as long as it can. */
async function inTime(removal: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, REMOVAL_MS)));
  await Promise.race([removal.catch(() => undefined), tooLong]);
  clearTimeout(timer);
}
