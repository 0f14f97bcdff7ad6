import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

const headsOnly = async (where: { location: { pathname: string } }) => {
  if ((await signedIn(where)).category !== 'head') throw redirect({ to: '/contests' as never })
}

export const contestRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/contests',
    component: lazyRouteComponent(() => import('./Contests'), 'Contests'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/contests/entries',
    beforeLoad: headsOnly,
    component: lazyRouteComponent(() => import('./Undecided'), 'Undecided'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/contests/$contest',
    component: lazyRouteComponent(() => import('./Contest'), 'Contest'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/contests/$contest/entries',
    beforeLoad: headsOnly,
    component: lazyRouteComponent(() => import('./SchoolEntries'), 'SchoolEntries'),
  }),
]
