import './shared/style/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createQueryClient } from './shared/api/query-client.ts';
import { LanguageProvider } from './shared/i18n/language.tsx';
import { applyKeptTheme } from './shared/shell/theme-choice.tsx';
import { VisitProvider } from './shared/shell/visit.tsx';

applyKeptTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <LanguageProvider>
        <VisitProvider>
          <App />
        </VisitProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
