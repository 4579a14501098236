import { Anchor, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPackages, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { bundlesQuery, type Bundle } from '../../api/bundles';
import { tenantUrl, useTenantPath } from '../../app/tenant';
import { EmptyState } from '../../components/empty-state';
import { Loading } from '../../components/loading';
import { ProblemAlert } from '../../components/problem-alert';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import classes from './help.module.css';

const words = texts.help;

const matches = ({ displayName, path, description }: Bundle, search: string): boolean =>
  `${displayName} ${path} ${description ?? ''}`.toLowerCase().includes(search.trim().toLowerCase());

/** The bundles that the tenant may use, each with the way to its page. */
export function BundleList() {
  const { data, error, refetch } = useQuery(bundlesQuery(useTenantPath()));
  const [search, setSearch] = useState('');
  return (
    <Stack gap="md" component="section" aria-labelledby="help-bundles">
      <div>
        <Title order={2} id="help-bundles">
          {words.bundles}
        </Title>
        <Text c="dimmed" size="sm">
          {words.bundlesIntro}
        </Text>
      </div>
      {!data && (error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />)}
      {data && data.items.length > 0 && (
        <>
          <TextInput
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
            maw={420}
          />
          <Found bundles={data.items.filter((bundle) => matches(bundle, search))} search={search} />
        </>
      )}
      {data?.items.length === 0 && (
        <Surface>
          <EmptyState icon={<IconPackages aria-hidden />} title={words.noBundles}>
            {words.noBundlesHint}
          </EmptyState>
        </Surface>
      )}
    </Stack>
  );
}

function Found({ bundles, search }: { bundles: readonly Bundle[]; search: string }) {
  const help = `${tenantUrl(useTenantPath())}/help`;
  if (bundles.length === 0) return <Text role="status">{words.noMatches(search)}</Text>;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" className={classes.bundles}>
      {bundles.map(({ path, displayName, description }) => (
        <li key={path} className={classes.bundle}>
          <Surface p="md" h="100%">
            <Anchor component={Link} to={`${help}/${path}`} fw={600} className={classes.bundleLink}>
              {displayName}
            </Anchor>
            {description !== null && (
              <Text size="sm" lineClamp={3} mt={4}>
                {description}
              </Text>
            )}
            <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
              {path}
            </Text>
          </Surface>
        </li>
      ))}
    </SimpleGrid>
  );
}
