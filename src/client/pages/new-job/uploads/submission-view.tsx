import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ProblemError } from '../../../api/problem';
import { sessionQuery } from '../../../api/session';
import { startJob } from '../../../api/uploads';
import { tenantUrl } from '../../../app/tenant';
import { ConfirmButton } from '../../../components/confirm-button';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { faultsOfProblem } from '../form/form-faults';
import { discardSubmission } from './discard-submission';
import { LostFile } from './lost-file';
import { changeFile, lostFiles, withChosenFile, type Submission } from './submission';
import { forgetSubmission, saveFile, saveSubmission } from './submission-store';
import { UploadRow } from './upload-row';
import { useSubmissionUpload } from './use-submission-upload';

/** Problems that pass once the user is back. */
const SIGNED_OUT: ReadonlySet<string> = new Set(['not_signed_in', 'not_admitted']);
/** Problems that say that the job takes no files any more. */
const OVER: ReadonlySet<string> = new Set(['job_expired', 'job_cancelled', 'job_not_found', 'job_already_started']);

interface SubmissionViewProps {
  readonly submission: Submission;
  /** The user does not want it any more. */
  readonly onDiscarded: () => void;
}

/** Uploads a submission's files and starts its job. */
export function SubmissionView({ submission: initial, onDiscarded }: SubmissionViewProps) {
  const [submission, setSubmission] = useState(initial);
  const [round, setRound] = useState(0);
  const { files, pauseOrResume, retryNow } = useSubmissionUpload(submission, round);
  const start = useStart(submission);
  const words = texts.newJob.upload;
  const lost = lostFiles(submission);
  const failures = files.flatMap(({ state }) => (state.kind === 'failed' ? [state.code] : []));
  const signedOut = files.filter(({ state }) => state.kind === 'failed' && SIGNED_OUT.has(state.code));
  const isUp = files.length === submission.files.length && files.every(({ state }) => state.kind === 'uploaded');
  useSessionCheck(signedOut.length > 0, () => signedOut.forEach(({ envVar }) => retryNow(envVar)));

  const isIdle = start.isIdle;
  const begin = start.mutate;
  useEffect(() => {
    if (isUp && isIdle) begin();
  }, [isUp, isIdle, begin]);

  const isOver = failures.some((code) => OVER.has(code));
  useEffect(() => {
    if (isOver) void forgetSubmission(submission.uid);
  }, [isOver, submission.uid]);

  function chooseAgain(envVar: string, file: File): void {
    const changed = withChosenFile(submission, envVar, file);
    void saveSubmission(changed).then(() => saveFile(changed.uid, envVar, file));
    setSubmission(changed);
  }

  /** Files that are not there, whatever the browser believed, are uploaded from their start. */
  function startAgain(): void {
    const missing = start.error instanceof ProblemError ? Object.keys(faultsOfProblem(start.error.errors).fields) : [];
    start.reset();
    if (missing.length === 0) return;
    const changed = missing.reduce(
      (before, field) => changeFile(before, field.replace(/^files\//, ''), () => ({ isUploaded: false, multipart: null })),
      submission,
    );
    void saveSubmission(changed);
    setSubmission(changed);
    setRound((before) => before + 1);
  }

  return (
    <Stack gap="lg">
      <Text c="dimmed">{isUp ? words.starting : words.stay}</Text>
      {lost.map((file) => (
        <LostFile key={file.envVar} file={file} onChosen={(chosen) => chooseAgain(file.envVar, chosen)} />
      ))}
      <Surface p="lg">
        <Stack gap="lg">
          {submission.files.map((file) => (
            <UploadRow
              key={file.envVar}
              file={file}
              upload={files.find(({ envVar }) => envVar === file.envVar) ?? waiting(file)}
              onPauseOrResume={() => pauseOrResume(file.envVar)}
              onRetry={() => retryNow(file.envVar)}
            />
          ))}
        </Stack>
      </Surface>
      {start.error && <ProblemAlert error={start.error} title={words.startFailed} onRetry={startAgain} />}
      {isOver ? (
        <Group>
          <Button component={Link} to={jobUrl(submission)} variant="default">
            {words.toJob}
          </Button>
          <Button onClick={onDiscarded}>{words.newJob}</Button>
        </Group>
      ) : (
        <Group>
          <ConfirmButton
            title={words.cancelTitle}
            message={words.cancelQuestion}
            confirm={words.cancel}
            dismiss={words.keep}
            danger
            disabled={isUp && !start.isError}
            onConfirm={async () => {
              await discardSubmission(submission);
              onDiscarded();
            }}
          >
            {words.cancel}
          </ConfirmButton>
        </Group>
      )}
    </Stack>
  );
}

const jobUrl = (submission: Submission): string => `${tenantUrl(submission)}/jobs/${submission.uid}`;

const waiting = ({ envVar, size, isUploaded }: Submission['files'][number]) => ({
  ...{ envVar, sent: isUploaded ? size : 0, total: size },
  state: { kind: isUploaded ? ('uploaded' as const) : ('waiting' as const) },
});

/** Starts the job, then shows it. A job that was started before, whose answer was lost, is as good. */
function useStart(submission: Submission) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      try {
        await startJob(submission, submission.uid);
      } catch (error) {
        if (!(error instanceof ProblemError && error.code === 'job_already_started')) throw error;
      }
      await forgetSubmission(submission.uid);
    },
    retry: (failures, error) => failures < 5 && error instanceof ProblemError && (error.status === 0 || error.status >= 500),
    onSuccess: async () => {
      // The job's settings are the last ones now.
      await client.invalidateQueries({ queryKey: ['bundle'] });
      await navigate(jobUrl(submission), { replace: true });
    },
  });
}

/** Whoever is signed out is asked to sign in. @param goOn called once they are back */
function useSessionCheck(isSignedOut: boolean, goOn: () => void): void {
  const client = useQueryClient();
  useEffect(() => {
    if (isSignedOut) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [client, isSignedOut]);
  const isIn = useQuery(sessionQuery).data?.state === 'signed_in';
  const back = useEffectEvent(goOn);
  useEffect(() => {
    if (isIn) back();
  }, [isIn]);
}
