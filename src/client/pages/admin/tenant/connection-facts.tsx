import { DataList } from '@mantine/core';
import type { OdsConnection } from '../../../api/admin';
import { DateTime } from '../../../components/date-time';
import { texts } from '../../../texts';

const words = texts.admin.ods;

/** What is known of a connection; key and secret are not. */
export function ConnectionFacts({ connection: { baseUrl, updatedAt } }: { connection: OdsConnection }) {
  return (
    <DataList labelWidth={130}>
      <DataList.Item>
        <DataList.ItemLabel>{words.baseUrl}</DataList.ItemLabel>
        <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{baseUrl}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>{words.credentials}</DataList.ItemLabel>
        <DataList.ItemValue>{words.stored}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>{words.updated}</DataList.ItemLabel>
        <DataList.ItemValue>
          <DateTime value={updatedAt} inline />
        </DataList.ItemValue>
      </DataList.Item>
    </DataList>
  );
}
