import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { jobUploads } from '../../../api/uploads';
import { changeFile, lostFiles, type Submission } from './submission';
import { saveSubmission } from './submission-store';
import { SubmissionUpload, type FileUpload } from './submission-upload';

const NONE: readonly FileUpload[] = [];

export interface RunningUpload {
  readonly files: readonly FileUpload[];
  readonly pauseOrResume: (envVar: string) => void;
  readonly retryNow: (envVar: string) => void;
}

/**
 * Uploads a submission's files as long as the component is there, and keeps how far it is. It begins once no file has to be chosen
 * again.
 *
 * @param round another number begins anew with the files as they are then.
 */
export function useSubmissionUpload(submission: Submission, round: number): RunningUpload {
  const { uid, partner, tenant } = submission;
  const isComplete = lostFiles(submission).length === 0;
  const listeners = useRef(new Set<() => void>());
  const [upload, setUpload] = useState<SubmissionUpload | null>(null);

  useEffect(() => {
    if (!isComplete) return;
    let kept = submission;
    const started = new SubmissionUpload(uid, kept.files, jobUploads({ partner, tenant }, uid), {
      changed: () => listeners.current.forEach((listener) => listener()),
      kept: (envVar, change) => {
        kept = changeFile(kept, envVar, () => change);
        void saveSubmission(kept);
      },
    });
    setUpload(started);
    started.start();
    return () => {
      started.destroy();
      setUpload(null);
    };
  }, [uid, partner, tenant, isComplete, round]);

  const subscribe = useCallback((listener: () => void) => {
    listeners.current.add(listener);
    return () => listeners.current.delete(listener);
  }, []);
  const files = useSyncExternalStore(subscribe, upload ? upload.getSnapshot : () => NONE);
  return {
    files,
    pauseOrResume: (envVar) => upload?.pauseOrResume(envVar),
    retryNow: (envVar) => upload?.retryNow(envVar),
  };
}
