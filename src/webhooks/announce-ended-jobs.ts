import type { EntityManager } from 'typeorm';
import { insertDeliveriesOfJobs } from './webhook-delivery.queries';

/**
 * Has everybody told who wants to hear of it that jobs have succeeded, failed, were cancelled or have expired. To be called in the
 * transaction that ends them, after their new state is written: so a message exists if and only if the state does, and none is
 * sent before the commit. Cheap where no endpoint is registered: one statement that finds nothing to write.
 *
 * @param jobIds of jobs that are in their final state; any number.
 */
export async function announceEndedJobs(tx: EntityManager, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length > 0) await insertDeliveriesOfJobs(tx, jobIds);
}
