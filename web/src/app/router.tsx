import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signedIn } from '../api/guard'
import { contentRoutes, schoolContestRoutes, schoolNewsRoutes } from '../features/content/routes'
import { contestRoutes } from '../features/contests/routes'
import { deskRoutes } from '../features/desk/routes'
import { documentRoutes } from '../features/documents/routes'
import { examsRoutes } from '../features/exams/routes'
import { homeRoutes } from '../features/home/routes'
import { inboxRoutes } from '../features/inbox/routes'
import { joinRoutes, lessonRoutes } from '../features/lessons/routes'
import { meRoutes } from '../features/me/routes'
import { pollDeskRoutes, pollRoutes } from '../features/polls/routes'
import { newsRoutes } from '../features/news/routes'
import { signinRoutes } from '../features/signin/routes'
import { supportRoutes } from '../features/support/routes'
import { taskRoutes } from '../features/tasks/routes'
import { Page } from '../ui/Page'
import { Trouble } from '../ui/Trouble'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const cabinet = createRoute({
  getParentRoute: () => root,
  id: 'cabinet',
  beforeLoad: async (where) => void (await signedIn(where)),
})
cabinet.addChildren([
  ...homeRoutes(cabinet),
  ...taskRoutes(cabinet),
  ...inboxRoutes(cabinet),
  ...documentRoutes(cabinet),
  ...newsRoutes(cabinet),
  ...pollRoutes(cabinet),
  ...examsRoutes(cabinet),
  ...schoolNewsRoutes(cabinet),
  ...contestRoutes(cabinet),
  ...schoolContestRoutes(cabinet),
  ...meRoutes(cabinet),
])
cabinet.addChildren([...homeRoutes(cabinet), ...lessonRoutes(cabinet), ...meRoutes(cabinet)])

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
  routeTree: root.addChildren([
    ...supportRoutes(root),
    ...signinRoutes(root),
    ...deskRoutes(root, contentRoutes, pollDeskRoutes),
    ...deskRoutes(root),
    ...joinRoutes(root),
    cabinet,
  ]),
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
