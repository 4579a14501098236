import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Alongside } from '../../jobs/commands';
import { Problem } from '../../platform/problem/problem';
import { bodyDigest } from './body-digest';
import { claimKey, findUsedKey, keepAnswer, releaseKey, type KeyOwner, type KeyUse } from './idempotency.queries';

/** A request as far as it matters whether it is a repetition: its key, what it is for (method and path), and its JSON body. */
export interface RepeatableRequest {
  /** null: the client gave no key, and the request is carried out whatever came before. */
  readonly keyed: { readonly owner: KeyOwner; readonly operation: string; readonly body: unknown } | null;
  /** Called where the answer is that of an earlier request. */
  markReplayed(): void;
}

/** Keeps the answer, without its URLs, in the transaction of the change. A throw means that the change must not happen. */
export type Keep<Kept extends object> = (tx: EntityManager, answer: Kept) => Promise<void>;

/** `keep` for a use case whose outcome is not yet the answer. */
export const keepAs = <Outcome, Kept extends object>(
  keep: Keep<Kept> | undefined,
  toAnswer: (outcome: Outcome) => Kept,
): Alongside<Outcome> | undefined => keep && ((tx, outcome) => keep(tx, toAnswer(outcome)));

export interface Operation<Answer, Kept extends object> {
  /** Carries the request out. `keep` is there if and only if it has a key, and has to be called if and only if it succeeds. */
  first(keep: Keep<Kept> | undefined): Promise<Answer>;
  /** Makes the answer anew from what was kept, for a caller whose access may have changed since. */
  again(kept: Kept): Promise<Answer>;
}

/** How often a key is looked at that becomes free just then. */
const ATTEMPTS = 3;
/** A request under way is done in a moment; one that died leaves its key after a minute, and until then asking again is cheap. */
const RETRY_AFTER_SECONDS = '1';

/**
 * `Idempotency-Key`: lets a client send a request again that it had no answer to. Of all requests with one key one is carried
 * out, and its answer is kept in the same transaction as what it changed: a crash leaves both or neither.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly db: DataSource) {}

  /** Carries a request out, or repeats the answer to it. @throws Problem where the key is in use, and all that `operation` throws. */
  async once<Answer, Kept extends object>(request: RepeatableRequest, operation: Operation<Answer, Kept>): Promise<Answer> {
    if (!request.keyed) return operation.first(undefined);
    const { owner, operation: name, body } = request.keyed;
    const use: KeyUse = { operation: name, bodySha256: bodyDigest(body) };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const claim = uuidv7();
      if (await claimKey(this.db, owner, use, claim)) return this.carryOut(owner, claim, operation);
      const used = await findUsedKey(this.db, owner, use);
      if (!used) continue;
      if (!used.same) throw keyReused();
      if (!used.answer) break;
      const answer = await operation.again(used.answer as Kept);
      request.markReplayed();
      return answer;
    }
    throw inProgress();
  }

  /** As `once`, for what changes nothing and is made anew each time: the key is only held against other requests. */
  anew<Answer>(request: RepeatableRequest, work: () => Promise<Answer>): Promise<Answer> {
    return this.once<Answer, object>(request, {
      first: async (keep) => {
        const answer = await work();
        await keep?.(this.db.manager, {});
        return answer;
      },
      again: work,
    });
  }

  private async carryOut<Answer, Kept extends object>(
    owner: KeyOwner,
    claim: string,
    { first }: Operation<Answer, Kept>,
  ): Promise<Answer> {
    try {
      return await first(async (tx, answer) => {
        // It took so long that its key became free and was taken by another request, which is to be the one that counts.
        if (!(await keepAnswer(tx, owner, claim, answer))) throw inProgress();
      });
    } catch (error) {
      // Where this fails too, or we die before it, the key is free after a minute. A change that was made keeps its answer.
      await releaseKey(this.db, owner, claim).catch(() => undefined);
      throw error;
    }
  }
}

const keyReused = (): Problem =>
  new Problem(
    'idempotency_key_reused',
    'Idempotency-Key: this key was used for another operation or body. Use a new one for each request.',
    {
      errors: [{ header: 'Idempotency-Key', code: 'idempotency_key_reused', detail: 'was used for another operation or body' }],
    },
  );

const inProgress = (): Problem =>
  new Problem('idempotency_in_progress', 'A request with this Idempotency-Key is under way. Ask again shortly for its answer.', {
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  });
