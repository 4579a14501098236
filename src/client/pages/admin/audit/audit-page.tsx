import { Button, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { auditQuery } from '../../../api/admin';
import { EmptyState } from '../../../components/empty-state';
import { PageHeading } from '../../../components/page-heading';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { PagedList } from '../shared/paged-list';
import { auditFilters } from './audit-filters';
import { AuditFilterBar } from './audit-filter-bar';
import classes from './audit.module.css';
import { AuditEntry } from './audit-entry';

const words = texts.admin.audit;

/** What administrators have changed, newest first. */
export function Component() {
  const [params, setParams] = useSearchParams();
  const isNarrowed = params.size > 0;
  const list = useInfiniteQuery(auditQuery(auditFilters(params)));
  return (
    <Stack gap="lg">
      <PageHeading title={words.title} description={words.intro} />
      <AuditFilterBar />
      <Surface>
        <PagedList
          list={list}
          empty={
            <EmptyState
              icon={<IconHistory aria-hidden />}
              title={isNarrowed ? words.noMatches : words.none}
              action={
                isNarrowed && (
                  <Button variant="default" onClick={() => setParams({}, { replace: true })}>
                    {words.clear}
                  </Button>
                )
              }
            >
              {isNarrowed ? words.noMatchesHint : words.noneHint}
            </EmptyState>
          }
        >
          {(records) => (
            <ol className={classes.list} aria-label={words.title}>
              {records.map((record) => (
                <AuditEntry key={record.uid} record={record} />
              ))}
            </ol>
          )}
        </PagedList>
      </Surface>
    </Stack>
  );
}
