import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signedIn } from '../api/guard'
import { Refused } from '../api/problem'
import { contentRoutes, schoolContestRoutes, schoolNewsRoutes } from '../features/content/routes'
import { contestRoutes } from '../features/contests/routes'
import { deskRoutes } from '../features/desk/routes'
import { documentRoutes } from '../features/documents/routes'
import { examsRoutes } from '../features/exams/routes'
import { diaryRoutes } from '../features/diary/routes'
import { homeRoutes } from '../features/home/routes'
import { inboxRoutes } from '../features/inbox/routes'
import { joinRoutes, lessonRoutes } from '../features/lessons/routes'
import { meRoutes } from '../features/me/routes'
import { pollDeskRoutes, pollRoutes } from '../features/polls/routes'
import { newsRoutes } from '../features/news/routes'
import { signinRoutes } from '../features/signin/routes'
import { staffRoutes } from '../features/staff/routes'
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
  ...diaryRoutes(cabinet),
  ...lessonRoutes(cabinet),
  ...taskRoutes(cabinet),
  ...inboxRoutes(cabinet),
  ...pollRoutes(cabinet),
  ...examsRoutes(cabinet),
  ...contestRoutes(cabinet),
  ...schoolContestRoutes(cabinet),
  ...documentRoutes(cabinet),
  ...newsRoutes(cabinet),
  ...schoolNewsRoutes(cabinet),
  ...staffRoutes(cabinet),
  ...meRoutes(cabinet),
])

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

/** Tries the whole page again, for what has failed may be what comes before it. */
function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation('ui')
  const routes = useRouter()
  const again = () => void routes.invalidate()
  if (error instanceof Refused && error.problem.status === 0) {
    return (
      <Page title={t('offline')}>
        <Text>{t('offline-page')}</Text>
        <Button variant="default" w="fit-content" onClick={again}>
          {t('again')}
        </Button>
      </Page>
    )
  }
  return (
    <Page title="ЕКИС">
      <Trouble error={error} again={again} />
    </Page>
  )
}

export const router = createRouter({
  routeTree: root.addChildren([
    ...supportRoutes(root),
    ...signinRoutes(root),
    ...deskRoutes(root, contentRoutes, pollDeskRoutes),
    ...joinRoutes(root),
    cabinet,
  ]),
  defaultPendingComponent: Pending,
  defaultErrorComponent: Failed,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
