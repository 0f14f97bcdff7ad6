import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export const examsRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/exams',
    component: lazyRouteComponent(() => import('./Exams'), 'Exams'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/exams/$set',
    component: lazyRouteComponent(() => import('./Exam'), 'Exam'),
  }),
]
