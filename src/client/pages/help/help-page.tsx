import { Stack } from '@mantine/core';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { BundleList } from './bundle-list';
import { ErrorsHelp, StatusesHelp, SubmittingHelp } from './general-help';

/** How submitting works, and the way to what each bundle needs. */
export function Component() {
  return (
    <Stack gap="xl">
      <PageHeading title={texts.help.title} description={texts.help.intro} />
      <BundleList />
      <SubmittingHelp />
      <StatusesHelp />
      <ErrorsHelp />
    </Stack>
  );
}
