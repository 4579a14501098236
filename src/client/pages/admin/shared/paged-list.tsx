import { Center } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { BusyButton } from '../../../components/busy-button';
import { Loading } from '../../../components/loading';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';

interface PagedListProps<T> {
  readonly list: UseInfiniteQueryResult<T[]>;
  /** What stands there where there is nothing. */
  readonly empty: ReactNode;
  readonly children: (items: T[]) => ReactNode;
}

/** A list as far as it has been read, and the button that reads on. */
export function PagedList<T>({ list, empty, children }: PagedListProps<T>) {
  if (list.isPending) return <Loading />;
  if (list.data === undefined) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.length === 0) return empty;
  return (
    <>
      {children(list.data)}
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.fetchNextPage()} />}
      {list.hasNextPage && (
        <Center p="md">
          <BusyButton variant="default" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {texts.common.loadMore}
          </BusyButton>
        </Center>
      )}
    </>
  );
}
