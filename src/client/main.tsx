import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/base.css';
import './app/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { attendance } from './api/client';
import { createQueryClient } from './api/query-client';
import { sessionQuery } from './api/session';
import { publishStyleNonce } from './app/nonce';
import { Providers } from './app/providers';
import { createRouter } from './app/router';

publishStyleNonce();
const client = createQueryClient();
attendance.follow(window, () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }));
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <Providers client={client}>
      <RouterProvider router={createRouter()} />
    </Providers>
  </StrictMode>,
);
