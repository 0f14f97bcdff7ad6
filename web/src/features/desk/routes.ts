import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'
import { ensureSession } from '../../api/session'
import { sectionsOf } from './sections'

async function operatorsOnly(where: { location: { pathname: string } }) {
  const session = await signedIn(where)
  if (session.roles.length === 0) throw redirect({ to: '/home' })
}

/** Whoever does not see the tickets begins with the first section that they do see. */
async function toFirstSection() {
  const session = await ensureSession()
  const [first] = sectionsOf(session?.roles ?? [])
  if (first && first.code !== 'tickets') throw redirect({ to: first.to as never, replace: true })
}

type Component = ReturnType<typeof lazyRouteComponent>

const page = (getParentRoute: () => AnyRoute, path: string, component: Component) =>
  createRoute({ getParentRoute, path, component }) as AnyRoute

/** `more`: sections of the console that are features of their own. */
export const deskRoutes = (parent: AnyRoute, ...more: ((desk: AnyRoute) => AnyRoute[])[]) => {
  const desk = createRoute({
    getParentRoute: () => parent,
    path: '/desk',
    beforeLoad: operatorsOnly,
    component: lazyRouteComponent(() => import('./Desk'), 'Desk'),
  })
  const at = () => desk
  const tickets = createRoute({
    getParentRoute: at,
    id: 'tickets',
    component: lazyRouteComponent(() => import('./Tickets'), 'Tickets'),
  })
  const applications = page(
    at,
    'applications',
    lazyRouteComponent(() => import('./Applications'), 'Applications'),
  )
  const referrals = page(
    at,
    'referrals',
    lazyRouteComponent(() => import('./Referrals'), 'Referrals'),
  )
  desk.addChildren([
    tickets.addChildren([
      createRoute({ getParentRoute: () => tickets, path: '/', beforeLoad: toFirstSection }),
      page(
        () => tickets,
        'tickets/$number',
        lazyRouteComponent(() => import('./Ticket'), 'Ticket'),
      ),
    ]),
    applications.addChildren([
      page(
        () => applications,
        '$number',
        lazyRouteComponent(() => import('./Application'), 'Application'),
      ),
    ]),
    referrals.addChildren([
      page(
        () => referrals,
        '$request',
        lazyRouteComponent(() => import('./Referral'), 'Referral'),
      ),
    ]),
    page(
      at,
      'accounts',
      lazyRouteComponent(() => import('./Accounts'), 'Accounts'),
    ),
    page(
      at,
      'accounts/$account',
      lazyRouteComponent(() => import('./Account'), 'Account'),
    ),
    page(
      at,
      'deeds',
      lazyRouteComponent(() => import('./Deeds'), 'Deeds'),
    ),
    page(
      at,
      'deliveries',
      lazyRouteComponent(() => import('./Deliveries'), 'Deliveries'),
    ),
    page(
      at,
      'audit',
      lazyRouteComponent(() => import('./Audit'), 'Audit'),
    ),
    page(
      at,
      'systems',
      lazyRouteComponent(() => import('./Systems'), 'Systems'),
    ),
    page(
      at,
      'systems/$system',
      lazyRouteComponent(() => import('./System'), 'System'),
    ),
    page(
      at,
      'webhooks',
      lazyRouteComponent(() => import('./Webhooks'), 'Webhooks'),
    ),
    page(
      at,
      'webhooks/$webhook',
      lazyRouteComponent(() => import('./Webhook'), 'Webhook'),
    ),
    page(
      at,
      'operations',
      lazyRouteComponent(() => import('./Operations'), 'Operations'),
    ),
    page(
      at,
      'operations/$service',
      lazyRouteComponent(() => import('./DeadLetters'), 'DeadLetters'),
    ),
    page(
      at,
      'imports',
      lazyRouteComponent(() => import('./Imports'), 'Imports'),
    ),
    page(
      at,
      'exams',
      lazyRouteComponent(() => import('./ExamFiles'), 'ExamFiles'),
    ),
    page(
      at,
      'exams/$batch',
      lazyRouteComponent(() => import('./ExamFile'), 'ExamFile'),
    ),
    page(
      at,
      'imports/$job',
      lazyRouteComponent(() => import('./Import'), 'Import'),
    ),
    ...more.flatMap((routes) => routes(desk)),
  ])
  return [desk] // the types of its children would make all others vague
}
