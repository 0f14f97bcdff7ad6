import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signedIn } from '../api/guard'
import { deskRoutes } from '../features/desk/routes'
import { diaryRoutes } from '../features/diary/routes'
import { homeRoutes } from '../features/home/routes'
import { meRoutes } from '../features/me/routes'
import { signinRoutes } from '../features/signin/routes'
import { supportRoutes } from '../features/support/routes'
import { Page } from '../ui/Page'
import { Trouble } from '../ui/Trouble'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const cabinet = createRoute({
  getParentRoute: () => root,
  id: 'cabinet',
  beforeLoad: async (where) => void (await signedIn(where)),
})
cabinet.addChildren([...homeRoutes(cabinet), ...diaryRoutes(cabinet), ...meRoutes(cabinet)])

function NotFound() {
  const { t } = useTranslation('ui')
  return (
    <Page title={t('not-found')}>
      <Text>{t('not-found-text')}</Text>
      <Button component={Link} to="/" w="fit-content">
        {t('to-start')}
      </Button>
    </Page>
  )
}

function Pending() {
  return (
    <Stack p="lg" aria-hidden>
      <Skeleton h={32} w="60%" />
      <Skeleton h={120} />
    </Stack>
  )
}

export const router = createRouter({
  routeTree: root.addChildren([...supportRoutes(root), ...signinRoutes(root), ...deskRoutes(root), cabinet]),
  defaultPendingComponent: Pending,
  defaultErrorComponent: ({ error, reset }) => (
    <Page title="ЕКИС">
      <Trouble error={error} again={reset} />
    </Page>
  ),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
