import { Anchor, Button, Code, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconPencil } from '@tabler/icons-react';
import { Link, Outlet } from 'react-router';
import { partnerQuery, readPartner, renamePartner } from '../../../api/admin';
import { isNotFound } from '../../../api/problem';
import { useSession } from '../../../app/tenant';
import { toStart } from '../../../app/error-pages';
import { Notice } from '../../../app/notice';
import { Loading } from '../../../components/loading';
import { PageHeading } from '../../../components/page-heading';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';
import { RenameModal } from '../shared/rename-modal';
import { SectionNav } from '../shared/section-nav';
import { partnerUrl } from '../shared/urls';
import { usePartnerCode } from './use-partner-code';

const words = texts.admin.partner;

const sectionsOf = (url: string) => [
  { to: url, label: words.tenants, exact: true },
  { to: `${url}/school-years`, label: words.schoolYears },
  { to: `${url}/bundles`, label: words.bundles },
  { to: `${url}/users`, label: words.users },
  { to: `${url}/api-clients`, label: words.apiClients },
];

/** What is the same on all pages of a partner: its name, and the way to its parts. */
export function Component() {
  const code = usePartnerCode();
  const { operator } = useSession();
  const { data: partner, error, refetch } = useQuery(partnerQuery(code));
  const [renaming, { open, close }] = useDisclosure(false);
  if (isNotFound(error))
    return (
      <Notice title={texts.errorPage.notFoundTitle} text={texts.admin.notFound}>
        {toStart}
      </Notice>
    );
  if (!partner) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />;
  const rename = operator && (
    <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={open}>
      {texts.admin.rename}
    </Button>
  );
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} to="/admin/partners" size="sm">
          {texts.admin.partners.title}
        </Anchor>
        <PageHeading title={partner.name} description={<Code>{partner.code}</Code>} actions={rename} />
      </div>
      <SectionNav label={words.sections} sections={sectionsOf(partnerUrl(code))} />
      {/* A page keeps nothing of one partner for another. */}
      <Outlet key={code} />
      {renaming && (
        <RenameModal
          named={partner}
          save={(name, etag) => renamePartner(code, name, etag)}
          read={() => readPartner(code)}
          onClose={close}
        />
      )}
    </Stack>
  );
}
