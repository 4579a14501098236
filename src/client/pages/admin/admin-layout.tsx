import { Stack } from '@mantine/core';
import { Outlet } from 'react-router';
import { toStart } from '../../app/error-pages';
import { Notice } from '../../app/notice';
import { useSession } from '../../app/tenant';
import { texts } from '../../texts';
import { SectionNav } from './shared/section-nav';

const { sections } = texts.admin;

const forAll = [{ to: '/admin/partners', label: sections.partners }];
const forOperators = [
  ...forAll,
  { to: '/admin/users', label: sections.users },
  { to: '/admin/registry', label: sections.registry },
  { to: '/admin/audit', label: sections.audit },
];

/** The parts of the administration that the user may see. The server decides; this only leaves out what it would refuse. */
export function Component() {
  const { operator, adminOf } = useSession();
  if (!operator && adminOf.length === 0)
    return (
      <Notice title={texts.admin.title} text={texts.admin.nothingToAdminister}>
        {toStart}
      </Notice>
    );
  return (
    <Stack gap="lg">
      {operator && <SectionNav label={sections.label} sections={forOperators} />}
      <Outlet />
    </Stack>
  );
}
