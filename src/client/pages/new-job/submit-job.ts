import type { BundleDetail } from '../../api/bundles';
import type { TenantPath } from '../../api/tenant';
import { createJob } from '../../api/uploads';
import type { FileChoices } from './form/use-file-choices';
import type { Settings } from './form/initial-settings';
import type { Submission, SubmittedFile } from './uploads/submission';
import { saveFile, saveSubmission } from './uploads/submission-store';

interface JobToSubmit {
  readonly path: TenantPath;
  readonly userUid: string;
  readonly bundle: BundleDetail;
  readonly settings: Settings;
  readonly choices: FileChoices;
}

/**
 * Creates the job, and keeps what its upload needs, so that it can go on whatever happens to the page. The files are kept while they
 * are uploaded: a copy of a large one takes the browser some time.
 *
 * @throws ProblemError
 */
export async function submitJob({ path, userUid, bundle, settings, choices }: JobToSubmit): Promise<Submission> {
  const chosen = bundle.files.flatMap(({ envVar, displayName }) => {
    const file = choices[envVar]?.file;
    return file ? [{ envVar, displayName: displayName ?? envVar, file }] : [];
  });
  const { uid, expiresAt } = await createJob(path, {
    bundle: bundle.path,
    schoolYear: settings.schoolYear,
    files: Object.fromEntries(chosen.map(({ envVar, file }) => [envVar, { name: file.name, size: file.size }])),
    params: Object.fromEntries(Object.entries(settings.params).filter(([, value]) => value !== '')),
  });
  const files = chosen.map(({ envVar, displayName, file }): SubmittedFile => {
    const { name, size, lastModified } = file;
    return { envVar, displayName, name, size, lastModified, file, multipart: null, isUploaded: false };
  });
  const { schoolYear } = settings;
  const submission: Submission = {
    ...{ uid, userUid, ...path, bundleName: bundle.displayName, schoolYear },
    ...{ createdAt: new Date().toISOString(), expiresAt, files },
  };
  await saveSubmission(submission);
  for (const { envVar, file } of chosen) void saveFile(uid, envVar, file);
  return submission;
}
