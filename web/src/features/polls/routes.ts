import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

type Component = ReturnType<typeof lazyRouteComponent>

const page = (parent: AnyRoute, path: string, component: Component) =>
  createRoute({ getParentRoute: () => parent, path, component }) as AnyRoute

const written = () => lazyRouteComponent(() => import('./WrittenPolls'), 'WrittenPolls')
const card = () => lazyRouteComponent(() => import('./WrittenPoll'), 'WrittenPoll')
const edit = () => lazyRouteComponent(() => import('./EditPoll'), 'EditPoll')

/** Polls for those who are asked; and those of the own school, for its head. */
export const pollRoutes = (parent: AnyRoute) => {
  const own = createRoute({
    getParentRoute: () => parent,
    id: 'own-polls',
    beforeLoad: async (where) => {
      if ((await signedIn(where)).category !== 'head') throw redirect({ to: '/polls' as never })
    },
  })
  own.addChildren([
    page(own, '/polls/written', written()),
    page(own, '/polls/written/$poll', card()),
    page(own, '/polls/new', edit()),
    page(own, '/polls/$poll/edit', edit()),
  ])
  return [
    page(
      parent,
      '/polls',
      lazyRouteComponent(() => import('./Polls'), 'Polls'),
    ),
    page(
      parent,
      '/polls/$poll',
      lazyRouteComponent(() => import('./AskedPoll'), 'AskedPoll'),
    ),
    own as AnyRoute,
  ]
}

/** Polls of the department, in the console. */
export const pollDeskRoutes = (desk: AnyRoute) => [
  page(desk, 'polls', written()),
  page(desk, 'polls/new', edit()),
  page(desk, 'polls/$poll', card()),
  page(desk, 'polls/$poll/edit', edit()),
]
