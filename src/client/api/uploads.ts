import { api, dataOf, type Schemas } from './client';
import type { TenantPath } from './tenant';

const JOB = '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}';
const MULTIPART = '/api/partners/{partner}/tenants/{tenant}/jobs/{uid}/uploads/{file}/multipart';

export type CreatedJob = Schemas['TenantJobCreatedDto'];
export type NewJob = Schemas['CreateTenantJobDto'];

/** Makes a job that waits for its files. */
export const createJob = (path: TenantPath, body: NewJob): Promise<CreatedJob> =>
  dataOf(api.POST('/api/partners/{partner}/tenants/{tenant}/jobs', { params: { path }, body }));

export const startJob = (path: TenantPath, uid: string) =>
  dataOf(api.POST(`${JOB}/start`, { params: { path: { ...path, uid } } }));

export const cancelJob = (path: TenantPath, uid: string) =>
  dataOf(api.POST(`${JOB}/cancel`, { params: { path: { ...path, uid } } }));

export type JobUploads = ReturnType<typeof jobUploads>;

/** What the server does for the uploads of one job, each of a file by its env_var. */
export function jobUploads(tenant: TenantPath, uid: string) {
  const job = { ...tenant, uid };
  return {
    /** Where and how to PUT a file in one request. */
    async singleUpload(file: string) {
      const { uploads } = await dataOf(api.POST(`${JOB}/upload-urls`, { params: { path: job } }));
      const upload = uploads[file];
      if (!upload) throw new Error(`the job has no file ${file}`);
      return upload;
    },
    begin: (file: string) => dataOf(api.POST(MULTIPART, { params: { path: { ...job, file } } })),
    /** URLs by the parts' numbers. */
    async signParts(file: string, uploadId: string, numbers: readonly number[]) {
      const path = { ...job, file, uploadId };
      return (await dataOf(api.POST(`${MULTIPART}/{uploadId}/parts`, { params: { path }, body: { numbers: [...numbers] } })))
        .urls;
    },
    async listParts(file: string, uploadId: string) {
      const path = { ...job, file, uploadId };
      return (await dataOf(api.GET(`${MULTIPART}/{uploadId}/parts`, { params: { path } }))).parts;
    },
    async complete(file: string, uploadId: string): Promise<void> {
      await dataOf(api.POST(`${MULTIPART}/{uploadId}/complete`, { params: { path: { ...job, file, uploadId } } }));
    },
  };
}
