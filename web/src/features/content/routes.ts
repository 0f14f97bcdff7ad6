import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

type Component = ReturnType<typeof lazyRouteComponent>

const page = (parent: AnyRoute, path: string, component: Component) =>
  createRoute({ getParentRoute: () => parent, path, component }) as AnyRoute

const written = () => lazyRouteComponent(() => import('./Written'), 'Written')
const newsPage = () => lazyRouteComponent(() => import('./NewsPage'), 'NewsPage')

/** News of the own school, for its head. */
export const schoolNewsRoutes = (parent: AnyRoute) => {
  const own = createRoute({
    getParentRoute: () => parent,
    path: '/news/written',
    beforeLoad: async (where) => {
      if ((await signedIn(where)).category !== 'head') throw redirect({ to: '/news' as never })
    },
  })
  own.addChildren([page(own, '/', written()), page(own, 'new', newsPage()), page(own, '$news', newsPage())])
  return [own]
}

const contests = () => lazyRouteComponent(() => import('./Contests'), 'Contests')
const contestPage = () => lazyRouteComponent(() => import('./ContestPage'), 'ContestPage')

/** Contests of the own school, for its head. */
export const schoolContestRoutes = (parent: AnyRoute) => {
  const own = createRoute({
    getParentRoute: () => parent,
    path: '/contests/written',
    beforeLoad: async (where) => {
      if ((await signedIn(where)).category !== 'head') throw redirect({ to: '/contests' as never })
    },
  })
  own.addChildren([
    page(own, '/', contests()),
    page(own, 'new', contestPage()),
    page(own, '$contest', contestPage()),
  ])
  return [own]
}

/** News, documents and contests of the department, in the console. */
export const contentRoutes = (desk: AnyRoute) => [
  createRoute({
    getParentRoute: () => desk,
    path: 'content',
    beforeLoad: ({ location }) => {
      if (/content\/?$/.test(location.pathname))
        throw redirect({ to: '/desk/content/news' as never, replace: true })
    },
  }) as AnyRoute,
  page(desk, 'content/news', written()),
  page(desk, 'content/news/new', newsPage()),
  page(desk, 'content/news/$news', newsPage()),
  page(
    desk,
    'content/documents',
    lazyRouteComponent(() => import('./Papers'), 'Papers'),
  ),
  page(
    desk,
    'content/documents/new',
    lazyRouteComponent(() => import('./Paper'), 'Paper'),
  ),
  page(
    desk,
    'content/documents/$document',
    lazyRouteComponent(() => import('./Paper'), 'Paper'),
  ),
  page(desk, 'content/contests', contests()),
  page(desk, 'content/contests/new', contestPage()),
  page(desk, 'content/contests/$contest', contestPage()),
]
