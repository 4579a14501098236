import type { DataSource } from 'typeorm';

/** A program that has made jobs of a partner through the External API. */
export interface ApiClientView {
  readonly clientId: string;
  /** As its newest job has them: an installation has one token issuer at a time. */
  readonly issuer: string;
  readonly name: string | null;
  readonly firstJobAt: Date;
  readonly lastJobAt: Date;
  /** Counted up to `MAX_JOBS_COUNTED`. */
  readonly jobs: number;
}

/** Counting all of a client's million jobs would take longer than anybody waits. */
export const MAX_JOBS_COUNTED = 1_000;

/**
 * The clients after an id, by id. Nothing is written down about clients, so that no creation of a job pays for it: each is found
 * by a leap along the index of jobs by partner and client, its first and its newest job by one look at either end, whatever the
 * number of jobs.
 */
export async function findApiClients(
  db: DataSource,
  partner: string,
  afterClientId: string | null,
  limit: number,
): Promise<ApiClientView[]> {
  return db.query(
    `WITH RECURSIVE wanted AS (SELECT id FROM partner WHERE code = $1), client (id, place) AS (
       SELECT (SELECT client_id FROM job WHERE partner_id = (SELECT id FROM wanted) AND client_id > coalesce($2, '')
                ORDER BY client_id LIMIT 1), 1
        UNION ALL
       SELECT (SELECT client_id FROM job WHERE partner_id = (SELECT id FROM wanted) AND client_id > client.id
                ORDER BY client_id LIMIT 1), place + 1
         FROM client WHERE client.id IS NOT NULL AND place < $3
     )
     SELECT client.id AS "clientId", newest.client_issuer AS issuer, newest.client_name AS name,
            oldest.created_at AS "firstJobAt", newest.created_at AS "lastJobAt", counted.jobs
       FROM client
      CROSS JOIN LATERAL (SELECT client_issuer, client_name, created_at FROM job
                           WHERE partner_id = (SELECT id FROM wanted) AND client_id = client.id
                           ORDER BY created_at DESC, job.id DESC LIMIT 1) AS newest
      CROSS JOIN LATERAL (SELECT created_at FROM job WHERE partner_id = (SELECT id FROM wanted) AND client_id = client.id
                           ORDER BY created_at, job.id LIMIT 1) AS oldest
      CROSS JOIN LATERAL (SELECT count(*)::int AS jobs FROM (SELECT FROM job
                           WHERE partner_id = (SELECT id FROM wanted) AND client_id = client.id LIMIT $4) AS taken) AS counted
      ORDER BY client.id`,
    [partner, afterClientId, limit, MAX_JOBS_COUNTED],
  );
}
