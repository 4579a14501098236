import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type EntityMetadata } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../../migrations';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { migrate, revertLastMigration } from '../../src/platform/database/migrate';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database';
import { makeJob, makePartner, makeRun, makeTenant } from '../support/factories';
import { makeWebUser } from '../support/web';

const NAMES = migrations.map((migration) => migration.name);

const connect = (url: string, entities: EntityClass[] = []): Promise<DataSource> =>
  new DataSource({ ...dataSourceOptions(url, 2), migrations: [], entities }).initialize();

type EntityClass = new () => object;

/** Every entity there is, so that none can be forgotten. */
function allEntities(): EntityClass[] {
  const src = join(__dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.entity.ts'));
  return files.flatMap((file) => Object.values(jest.requireActual<Record<string, EntityClass>>(join(src, file))));
}

describe('the migrations', () => {
  let database: TestDatabase;
  let db: DataSource;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    db = await connect(database.url);
  });
  afterEach(async () => {
    await db.destroy();
    await database.drop();
  });

  /** Everything in our schema by its definition: tables with columns, constraints, indexes, and whatever else a schema can hold. */
  async function schema(): Promise<string[]> {
    const rows: { line: string }[] = await db.query(`
      SELECT format('%s %s', c.relkind, c.relname) AS line FROM pg_class c WHERE relnamespace = 'public'::regnamespace
      UNION ALL SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      UNION ALL SELECT format('%s: %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT format('function %s', proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT format('type %s', typname) FROM pg_type WHERE typnamespace = 'public'::regnamespace
      ORDER BY 1`);
    return rows.map(({ line }) => line);
  }
  it('go up, all the way down, leaving nothing, and up to the same again', async () => {
    // Makes TypeORM's own table, which stays, and nothing else: `db` knows no migrations.
    await db.runMigrations();
    const empty = await schema();

    expect(await migrate(database.url)).toEqual(NAMES);
    const first = await schema();
    await makeRun(db);

    const reverted: (string | null)[] = [];
    do reverted.push(await revertLastMigration(database.url));
    while (reverted.at(-1) !== null);
    expect(reverted).toEqual([...[...NAMES].reverse(), null]);
    expect(await schema()).toEqual(empty);

    expect(await migrate(database.url)).toEqual(NAMES);
    expect(await schema()).toEqual(first);
    await makeRun(db);
  });

  it('have nothing to do the second time, and keep what is there', async () => {
    await migrate(database.url);
    const { uid } = await makeJob(db);
    expect(await migrate(database.url)).toEqual([]);
    expect(await db.query('SELECT uid FROM job')).toEqual([{ uid }]);
  });

  it('run once when several processes begin at the same time', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    expect(ran.flat()).toEqual(NAMES);
    const [{ queues }] = await db.query(
      `SELECT count(*)::int AS queues FROM pgboss.queue WHERE name IN ('runs', 'abandoned-runs')`,
    );
    expect(queues).toBe(2);
  });
});

describe('the migrated schema', () => {
  let database: TestDatabase;
  let db: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    db = await connect(database.url, allEntities());
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  describe('is what the entities say:', () => {
    it('each table has an entity', async () => {
      const rows: { name: string }[] = await db.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'migration'`,
      );
      expect(db.entityMetadatas.map(({ tableName }) => tableName).sort()).toEqual(rows.map(({ name }) => name).sort());
    });

    it('each column is mapped, with its type, nullability and key', async () => {
      const rows: { tableName: string }[] = await db.query(`
        SELECT table_name AS "tableName", column_name AS name, data_type AS type, is_nullable = 'YES' AS "isNullable",
               is_identity = 'YES' AS "isGenerated",
               EXISTS (SELECT FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t USING (constraint_name, table_name)
                        WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_name = c.table_name AND k.column_name = c.column_name) AS "isPrimary"
          FROM information_schema.columns c WHERE table_schema = 'public'`);
      for (const metadata of db.entityMetadatas) {
        const inDatabase = rows
          .filter((row) => row.tableName === metadata.tableName)
          .map(({ tableName: _, ...column }) => column);
        expect([metadata.tableName, sorted(columnsOf(metadata))]).toEqual([metadata.tableName, sorted(inDatabase)]);
      }
    });

    it('each rule of uniqueness is there', async () => {
      const rows: { table: string; columns: string[] }[] = await db.query(`
        SELECT i.indrelid::regclass::text AS "table",
               ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = ANY (i.indkey) ORDER BY 1) AS columns
          FROM pg_index i WHERE i.indisunique AND i.indpred IS NULL`);
      const unique = new Set(rows.map(({ table, columns }) => `${table} ${columns.join()}`));
      for (const { tableName, uniques } of db.entityMetadatas)
        for (const { columns } of uniques)
          expect(unique).toContain(
            `${tableName} ${columns
              .map(({ databaseName }) => databaseName)
              .sort()
              .join()}`,
          );
    });

    const columnsOf = ({ columns }: EntityMetadata) =>
      columns.map((column) => ({
        name: column.databaseName,
        type: column.isArray ? 'ARRAY' : db.driver.normalizeType(column),
        isNullable: column.isNullable,
        isGenerated: column.isGenerated,
        isPrimary: column.isPrimary,
      }));
    const sorted = <T extends object>(columns: T[]): T[] =>
      [...columns].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  });

  describe('refuses', () => {
    const CHECK = '23514';
    const FOREIGN_KEY = '23503';
    const UNIQUE = '23505';
    const NOT_NULL = '23502';

    async function refused(code: string, constraint: string | undefined, statement: Promise<unknown>): Promise<void> {
      const driverError = constraint === undefined ? { code } : { code, constraint };
      await expect(statement).rejects.toMatchObject({ driverError });
    }
    const setJob = async (assignments: string, status: 'created' | 'queued' = 'created') => {
      const { id } = await makeJob(db, { status });
      return db.query(`UPDATE job SET ${assignments} WHERE id = $1`, [id]);
    };
    const setRun = async (assignments: string) => {
      const { id } = await makeRun(db);
      return db.query(`UPDATE run SET ${assignments} WHERE id = $1`, [id]);
    };
    const addFile = async ({
      job,
      envVar = 'A',
      name = 'a.csv',
      key = uuidv7(),
    }: { job?: string; envVar?: string; name?: string; key?: string } = {}) =>
      db.query(`INSERT INTO job_file (job_id, env_var, name, object_key) VALUES ($1, $2, $3, $4) RETURNING id`, [
        job ?? (await makeJob(db)).id,
        envVar,
        name,
        key,
      ]);
    const setFile = async (assignments: string) => {
      const [{ id }] = await addFile();
      return db.query(`UPDATE job_file SET ${assignments} WHERE id = $1`, [id]);
    };
    const addSet = async (values: { run?: string; job?: string; partner?: string; tenant?: string } = {}) => {
      const run = await makeRun(db);
      const { job } = run;
      return db.query(
        `INSERT INTO output_set (uid, run_id, job_id, partner_id, tenant_id, school_year, bundle_path, bundle_version)
         VALUES ($1, $2, $3, $4, $5, 2026, 'b', 'v') RETURNING id, run_id AS "runId"`,
        [
          uuidv7(),
          values.run ?? run.id,
          values.job ?? job.id,
          values.partner ?? job.tenant.partner.id,
          values.tenant ?? job.tenant.id,
        ],
      );
    };
    const addOutput = (set: string, { name = 'a.jsonl', key = uuidv7(), size = 0, records = 0 } = {}) =>
      db.query(`INSERT INTO output_file (output_set_id, name, object_key, size, records) VALUES ($1, $2, $3, $4, $5)`, [
        set,
        name,
        key,
        size,
        records,
      ]);

    it('a tenant of another partner', async () => {
      const [mine, other] = [await makeTenant(db), await makeTenant(db)];
      const mixed = { ...mine, partner: other.partner };
      await refused(FOREIGN_KEY, 'job_tenant_id_partner_id_fkey', makeJob(db, { tenant: mixed }));
    });

    it('an output set of another tenant, partner or job than its run has', async () => {
      const other = await makeRun(db);
      const partner = other.job.tenant.partner.id;
      await refused(FOREIGN_KEY, 'output_set_job_id_tenant_id_partner_id_fkey', addSet({ tenant: other.job.tenant.id, partner }));
      await refused(FOREIGN_KEY, 'output_set_job_id_tenant_id_partner_id_fkey', addSet({ partner }));
      await refused(FOREIGN_KEY, 'output_set_run_id_job_id_fkey', addSet({ job: other.job.id }));
    });

    it('an event of a run of another job', async () => {
      const [run, other] = [await makeRun(db), await makeRun(db)];
      const event = db.query(`INSERT INTO job_event (uid, job_id, run_id, type) VALUES ($1, $2, $3, 'x')`, [
        uuidv7(),
        run.job.id,
        other.id,
      ]);
      await refused(FOREIGN_KEY, 'job_event_run_id_job_id_fkey', event);
    });

    it('a second live run of a job, but not one after the first has ended', async () => {
      const { job, id } = await makeRun(db);
      await refused(UNIQUE, 'run_one_live_per_job', makeRun(db, { job, number: 2 }));
      await db.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [id]);
      await makeRun(db, { job, number: 2 });
    });

    it('a second run of one number, and a second output set of one run', async () => {
      const { job, id } = await makeRun(db);
      await db.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [id]);
      await refused(UNIQUE, 'run_job_id_number_key', makeRun(db, { job, number: 1 }));
      const [{ runId }] = await addSet();
      await refused(UNIQUE, 'output_set_run_id_key', addSet({ run: runId }));
    });

    it.each<[string, string, string]>([
      ['an unknown status', `status = 'paused', started_at = now()`, 'job_status_check'],
      ['no creator', `client_issuer = NULL, client_id = NULL`, 'job_created_by_user_or_client'],
      ['a client without an issuer', `client_issuer = NULL`, 'job_created_by_user_or_client'],
      ['a client without an id', `client_id = NULL`, 'job_created_by_user_or_client'],
      ['params that are no object', `params = '[]'`, 'job_params_check'],
      ['a run but no start', `status = 'queued'`, 'job_started_when_queued'],
      ['an end that has not come', `finished_at = now()`, 'job_finished_when_final'],
      ['success but no end', `status = 'succeeded', started_at = now()`, 'job_finished_when_final'],
      ['expiry but no end', `status = 'expired'`, 'job_finished_when_final'],
      ['failure without an error', `status = 'failed', started_at = now(), finished_at = now()`, 'job_error_when_failed'],
      ['an error without failure', `error = '{}'`, 'job_error_when_failed'],
    ])('a job with %s', async (_, assignments, constraint) => refused(CHECK, constraint, setJob(assignments)));

    it('a job with two creators', async () => {
      const [{ id }] = await db.query(
        `INSERT INTO app_user (uid, issuer, subject, name) VALUES ($1, 'i', $2, 'n') RETURNING id`,
        [uuidv7(), uuidv7()],
      );
      await refused(CHECK, 'job_created_by_user_or_client', setJob(`created_by_user_id = ${id}`));
      await setJob(`created_by_user_id = ${id}, client_issuer = NULL, client_id = NULL`);
    });

    it.each<[string, string, string]>([
      ['an unknown status', `status = 'expired'`, 'run_status_check'],
      ['no number', `number = 0`, 'run_number_check'],
      ['a negative attempt', `attempt = -1`, 'run_attempt_check'],
      ['work but no attempt', `status = 'running', started_at = now()`, 'run_claimed_when_running'],
      ['work but no start', `status = 'running', attempt = 1`, 'run_claimed_when_running'],
      ['an end that has not come', `finished_at = now()`, 'run_finished_when_final'],
      ['cancellation but no end', `status = 'cancelled'`, 'run_finished_when_final'],
      ['failure without an error', `status = 'failed', finished_at = now()`, 'run_error_when_failed'],
      ['an error without failure', `error = '{}'`, 'run_error_when_failed'],
    ])('a run with %s', async (_, assignments, constraint) => refused(CHECK, constraint, setRun(assignments)));

    it.each<[string, string, string]>([
      ['no name', `name = ''`, 'job_file_name_check'],
      ['a name of over 255 bytes', `name = repeat('é', 128)`, 'job_file_name_check'],
      ['a declared size of 0', `declared_size = 0`, 'job_file_declared_size_check'],
      ['a declared checksum in upper case', `declared_sha256 = repeat('A', 64)`, 'job_file_declared_sha256_check'],
      ['a short checksum', `sha256 = repeat('a', 63)`, 'job_file_sha256_check'],
      ['a size of 0 that was found', `size = 0, etag = 'e'`, 'job_file_size_check'],
      ['a size but no ETag', `size = 1`, 'job_file_pinned_whole'],
      ['an ETag but no size', `etag = 'e'`, 'job_file_pinned_whole'],
    ])('a file with %s', async (_, assignments, constraint) => refused(CHECK, constraint, setFile(assignments)));

    it('two files of a job under one env_var, and two files with one object', async () => {
      const { id: job } = await makeJob(db);
      const key = uuidv7();
      await addFile({ job, key });
      await refused(UNIQUE, 'job_file_job_id_env_var_key', addFile({ job }));
      await refused(UNIQUE, 'job_file_object_key_key', addFile({ key }));
    });

    it('an output file twice in a set, two with one object, and nonsense numbers', async () => {
      const [[{ id: set }], [{ id: other }]] = [await addSet(), await addSet()];
      const key = uuidv7();
      await addOutput(set, { key });
      await refused(UNIQUE, 'output_file_output_set_id_name_key', addOutput(set));
      await refused(UNIQUE, 'output_file_object_key_key', addOutput(other, { key }));
      await refused(CHECK, 'output_file_size_check', addOutput(other, { size: -1 }));
      await refused(CHECK, 'output_file_records_check', addOutput(other, { records: -1 }));
      await refused(CHECK, 'output_file_name_check', addOutput(other, { name: '' }));
    });

    it('codes that are taken, but not the same code at two partners', async () => {
      const partner = await makePartner(db);
      await refused(UNIQUE, 'partner_code_key', makePartner(db, { code: partner.code }));
      await makeTenant(db, { partner, code: 'north' });
      await refused(UNIQUE, 'tenant_partner_id_code_key', makeTenant(db, { partner, code: 'north' }));
      await makeTenant(db, { code: 'north' });
    });

    it.each(['', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(65)])('the code %j', async (code) => {
      await refused(CHECK, 'partner_code_check', makePartner(db, { code }));
      await refused(CHECK, 'tenant_code_check', makeTenant(db, { code }));
    });

    it('roles of something else than they are for, of a tenant of another partner, and twice', async () => {
      const [mine, other] = [await makeTenant(db), await makeTenant(db)];
      const { id: user } = await makeWebUser(db);
      const add = (role: string, partner: string | null, tenant: string | null) =>
        db.query(`INSERT INTO user_role (user_id, role, partner_id, tenant_id) VALUES ($1, $2, $3, $4)`, [
          user,
          role,
          partner,
          tenant,
        ]);
      const partner = mine.partner.id;
      for (const [role, atPartner, atTenant] of [
        ['operator', partner, null],
        ['operator', partner, mine.id],
        ['partner_admin', null, null],
        ['partner_admin', partner, mine.id],
        ['staff', partner, null],
        ['staff', null, null],
        ['staff', null, mine.id],
      ] as const)
        await refused(CHECK, 'user_role_of_something', add(role, atPartner, atTenant));
      await refused(CHECK, 'user_role_role_check', add('owner', partner, null));
      await refused(FOREIGN_KEY, 'user_role_tenant_id_partner_id_fkey', add('staff', other.partner.id, mine.id));
      for (const [role, atPartner, atTenant] of [
        ['operator', null, null],
        ['partner_admin', partner, null],
        ['staff', partner, mine.id],
      ] as const) {
        await add(role, atPartner, atTenant);
        await refused(UNIQUE, 'user_role_once', add(role, atPartner, atTenant));
      }
    });

    it('a state of a user that there is not', async () => {
      const { id } = await makeWebUser(db);
      await refused(CHECK, 'app_user_state_check', db.query(`UPDATE app_user SET state = 'asleep' WHERE id = $1`, [id]));
    });

    it('school years that are unknown or none', async () => {
      const tenant = await makeTenant(db);
      await refused(FOREIGN_KEY, 'job_school_year_fkey', makeJob(db, { tenant: { ...tenant, schoolYear: 1999 } }));
      const enable = db.query(`INSERT INTO tenant_school_year (tenant_id, end_year) VALUES ($1, 1999)`, [tenant.id]);
      await refused(FOREIGN_KEY, 'tenant_school_year_end_year_fkey', enable);
      await refused(CHECK, 'school_year_end_year_check', db.query(`INSERT INTO school_year VALUES (26)`));
    });

    it('two ODS connections of a tenant for a school year, and one without credentials', async () => {
      const tenant = await makeTenant(db);
      const connect = (credentials: string) =>
        db.query(`INSERT INTO ods_connection (uid, tenant_id, end_year, base_url, credentials) VALUES ($1, $2, 2026, 'u', $3)`, [
          uuidv7(),
          tenant.id,
          credentials,
        ]);
      await refused(CHECK, 'ods_connection_credentials_check', connect(''));
      await connect('encrypted');
      await refused(UNIQUE, 'ods_connection_tenant_id_end_year_key', connect('encrypted'));
    });

    it.each<[string, string, Record<string, unknown>]>([
      ['of nothing', 'audit_record_of_something', { partner: null }],
      ['of no change', 'audit_record_of_a_change', { after: null }],
      ['of an action that is none', 'audit_record_action_check', { action: 'changed' }],
      ['of states that are no objects', 'audit_record_after_check', { after: '[]' }],
    ])('an audit record %s', async (_, constraint, changes) => {
      const [{ id }] = await db.query(
        `INSERT INTO app_user (uid, issuer, subject, name) VALUES ($1, 'i', $2, 'n') RETURNING id`,
        [uuidv7(), uuidv7()],
      );
      const { action, partner, after } = {
        ...{ action: 'partner.created', partner: (await makePartner(db)).id, after: '{}' },
        ...changes,
      };
      const record = db.query(`INSERT INTO audit_record (uid, user_id, action, partner_id, after) VALUES ($1, $2, $3, $4, $5)`, [
        uuidv7(),
        id,
        action,
        partner,
        after,
      ]);
      await refused(CHECK, constraint, record);
    });

    it("an audit record of another partner's tenant", async () => {
      const [tenant, other] = [await makeTenant(db), await makeTenant(db)];
      const [{ id }] = await db.query(
        `INSERT INTO app_user (uid, issuer, subject, name) VALUES ($1, 'i', $2, 'n') RETURNING id`,
        [uuidv7(), uuidv7()],
      );
      const record = db.query(
        `INSERT INTO audit_record (uid, user_id, action, partner_id, tenant_id, after) VALUES ($1, $2, 'tenant.renamed', $3, $4, '{}')`,
        [uuidv7(), id, other.partner.id, tenant.id],
      );
      await refused(FOREIGN_KEY, 'audit_record_tenant_id_partner_id_fkey', record);
    });

    it('to give up a uid, or to have it twice', async () => {
      const { uid } = await makeJob(db);
      await refused(UNIQUE, 'job_uid_key', setJob(`uid = '${uid}'`));
      await refused(NOT_NULL, undefined, setJob(`uid = NULL`));
    });

    it('to lose what still belongs to somebody', async () => {
      const { id, job } = await makeRun(db);
      await refused(FOREIGN_KEY, undefined, db.query(`DELETE FROM partner WHERE id = $1`, [job.tenant.partner.id]));
      await refused(FOREIGN_KEY, undefined, db.query(`DELETE FROM tenant WHERE id = $1`, [job.tenant.id]));
      await refused(FOREIGN_KEY, undefined, db.query(`DELETE FROM job WHERE id = $1`, [job.id]));
      await db.query(`DELETE FROM run WHERE id = $1`, [id]);
    });
  });
});
