import type { EntityManager } from 'typeorm';

/**
 * What somebody else writes in the transaction of a change, so that both are made or neither is; it is given what came of the
 * change. A throw undoes the change.
 */
export type Alongside<T> = (tx: EntityManager, outcome: T) => Promise<void>;
