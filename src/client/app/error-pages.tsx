import { Button, Container } from '@mantine/core';
import { Link } from 'react-router';
import { texts } from '../texts';
import { Notice } from './notice';

/** The way out of a page that has nothing for the reader. */
export const toStart = (
  <Button component={Link} to="/" variant="default">
    {texts.errorPage.toStart}
  </Button>
);

export function NotFoundPage() {
  return (
    <Notice title={texts.errorPage.notFoundTitle} text={texts.errorPage.notFound}>
      {toStart}
    </Notice>
  );
}

/** Shown in place of a page that threw, or whose code could not be loaded. */
export function BrokenPage() {
  return (
    <Container size="lg" px={0}>
      <Notice title={texts.errorPage.brokenTitle} text={texts.errorPage.broken}>
        <Button onClick={() => window.location.reload()}>{texts.common.reload}</Button>
        {toStart}
      </Notice>
    </Container>
  );
}
