import '@fontsource-variable/golos-text/wght.css'
import '@mantine/core/styles.css'
import './app/global.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refused } from './api/problem'
import { currentSession, onSession } from './api/session'
import { startTexts } from './app/i18n'
import { router } from './app/router'
import { theme, variables } from './app/theme'
import { keepShell } from './app/update'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')!.content

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && !(error instanceof Refused && error.problem.status >= 400),
    },
  },
})

// What one person has read is not shown to the next
let reader = currentSession()?.accountId
onSession(() => {
  const now = currentSession()?.accountId
  if (reader && now !== reader) queries.clear()
  reader = now
})

await startTexts()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      getStyleNonce={() => nonce}
      forceColorScheme="light"
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

// Texts may take longer than the page: then it has been loaded already
const keep = () => void keepShell().catch(() => undefined)
if (document.readyState === 'complete') keep()
else window.addEventListener('load', keep, { once: true })
