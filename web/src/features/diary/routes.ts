import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from '../../api/guard'

type Component = ReturnType<typeof lazyRouteComponent>

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

export const diaryRoutes = (parent: AnyRoute) => {
  const page = (path: string, component: Component, beforeLoad?: typeof headsOnly) =>
    createRoute({
      getParentRoute: () => parent,
      path,
      component,
      beforeLoad,
      validateSearch: (search): { class?: string; term?: string; week?: string } => ({
        class: text(search.class),
        term: text(search.term),
        week: text(search.week),
      }),
    })
  const kinds = () => import('./Kinds')
  const teaching = () => import('./Teaching')
  return [
    page(
      '/diary',
      lazyRouteComponent(() => import('./Diary'), 'Diary'),
    ),
    page(
      '/diary/pupils/$pupil',
      lazyRouteComponent(() => import('./Pupil'), 'Pupil'),
    ),
    page(
      '/diary/setup',
      lazyRouteComponent(() => import('./Setup'), 'Setup'),
      headsOnly,
    ),
    page('/diary/setup/terms', lazyRouteComponent(kinds, 'Terms'), headsOnly),
    page('/diary/setup/classes', lazyRouteComponent(kinds, 'Classes'), headsOnly),
    page('/diary/setup/subjects', lazyRouteComponent(kinds, 'Subjects'), headsOnly),
    page('/diary/setup/loads', lazyRouteComponent(teaching, 'Loads'), headsOnly),
    page(
      '/diary/setup/pupils',
      lazyRouteComponent(() => import('./Pupils'), 'Pupils'),
    ),
    page('/diary/setup/timetable', lazyRouteComponent(teaching, 'Timetable'), headsOnly),
    page('/diary/setup/substitutes', lazyRouteComponent(teaching, 'Substitutes'), headsOnly),
    page('/diary/setup/leaves', lazyRouteComponent(teaching, 'Leaves'), headsOnly),
    page(
      '/diary/setup/rollover',
      lazyRouteComponent(() => import('./Rollover'), 'Rollover'),
      headsOnly,
    ),
    page(
      '/diary/$class/$subject',
      lazyRouteComponent(() => import('./Journal'), 'Journal'),
    ),
    page(
      '/diary/$class/$subject/finals',
      lazyRouteComponent(() => import('./Finals'), 'Finals'),
    ),
  ]
}

async function headsOnly(where: { location: { pathname: string } }) {
  const session = await signedIn(where)
  if (session.category !== 'head') throw redirect({ to: '/diary' as never })
}
