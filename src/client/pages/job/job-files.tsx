import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { downloadLinks, type JobDetail, type JobPath } from '../../api/jobs';
import { BusyButton } from '../../components/busy-button';
import { DataTable, type Column } from '../../components/data-table';
import { formatBytes, formatDateTime, formatNumber } from '../../components/format';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';
import { Section } from './section';

const { files: words } = texts.job;

interface JobFilesProps {
  readonly path: JobPath;
  readonly job: JobDetail;
  readonly nameOf: (envVar: string) => string;
}

/** What went in and what came out, to download while it is kept. */
export function JobFiles({ path, job: { files, outputs, startedAt }, nameOf }: JobFilesProps) {
  const inputs = Object.entries(files).map(([envVar, file]) => ({ envVar, ...file }));
  return (
    <>
      {outputs && (
        <Section title={words.outputs}>
          {outputs.removedAt !== null && <Text size="sm">{words.removedSince(formatDateTime(outputs.removedAt))}</Text>}
          <DataTable
            caption={words.outputs}
            rows={outputs.files}
            rowKey={(file) => file.name}
            columns={[
              { key: 'name', header: words.file, cell: (file) => file.name },
              {
                key: 'records',
                header: words.records,
                align: 'end',
                cell: (file) => (file.records === null ? '–' : formatNumber(file.records)),
              },
              { key: 'size', header: words.size, align: 'end', cell: (file) => formatBytes(file.size) },
              {
                key: 'download',
                header: words.download,
                cell: (file) =>
                  outputs.removedAt === null && <Download path={path} which="output" link={file.name} name={file.name} />,
              },
            ]}
          />
        </Section>
      )}
      <Section title={words.inputs}>
        <DataTable
          caption={words.inputs}
          rows={inputs}
          rowKey={(file) => file.envVar}
          columns={[
            { key: 'name', header: words.file, cell: (file) => file.name },
            { key: 'use', header: words.use, cell: (file) => nameOf(file.envVar) },
            {
              key: 'size',
              header: words.size,
              align: 'end',
              cell: (file) => (file.size === null ? '–' : formatBytes(file.size)),
            },
            // There is nothing to download of a job that was never started.
            ...(startedAt === null ? [] : [downloadOfInput(path)]),
          ]}
        />
      </Section>
    </>
  );
}

const downloadOfInput = (path: JobPath): Column<JobDetail['files'][string] & { envVar: string }> => ({
  key: 'download',
  header: words.download,
  cell: (file) =>
    file.removedAt !== null ? (
      <Text size="sm" c="dimmed">
        {words.removed}
      </Text>
    ) : (
      <Download path={path} which="input" link={file.envVar} name={file.name} />
    ),
});

interface DownloadProps {
  readonly path: JobPath;
  readonly which: 'input' | 'output';
  /** The file's key among the links. */
  readonly link: string;
  readonly name: string;
}

/** Asks for a link when it is wanted, since one lives for minutes only. */
function Download({ path, which, link, name }: DownloadProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => downloadLinks(path, which),
    onSuccess: (links) => {
      const url = links[link];
      // The answer is an attachment, so this page stays.
      if (url !== undefined) window.location.assign(url);
    },
  });
  return (
    <>
      <BusyButton
        size="xs"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        busy={isPending}
        onClick={() => mutate()}
        aria-label={words.downloadFile(name)}
      >
        {words.download}
      </BusyButton>
      {error && <ProblemAlert error={error} />}
    </>
  );
}
