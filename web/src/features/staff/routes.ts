import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

/** Others have no roll to look after. */
async function beforeLoad(where: { location: { pathname: string } }) {
  const session = await signedIn(where)
  if (session.category !== 'head') throw redirect({ to: '/home' })
}

export const staffRoutes = (parent: AnyRoute) => {
  const shared = { getParentRoute: () => parent, beforeLoad }
  return [
    createRoute({
      ...shared,
      path: '/staff',
      component: lazyRouteComponent(() => import('./Staff'), 'Staff'),
    }),
    createRoute({
      ...shared,
      path: '/staff/new',
      component: lazyRouteComponent(() => import('./Add'), 'Add'),
    }),
    createRoute({
      ...shared,
      path: '/staff/$staff',
      component: lazyRouteComponent(() => import('./Person'), 'Person'),
    }),
    createRoute({
      ...shared,
      path: '/staff/$staff/edit',
      component: lazyRouteComponent(() => import('./Correct'), 'Correct'),
    }),
    createRoute({
      ...shared,
      path: '/referrals',
      component: lazyRouteComponent(() => import('./Referrals'), 'Referrals'),
    }),
    createRoute({
      ...shared,
      path: '/referrals/$request',
      component: lazyRouteComponent(() => import('./Referral'), 'Referral'),
    }),
  ]
}
