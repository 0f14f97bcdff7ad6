import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

const WEEK = /^\d{4}-W\d\d$/
export const PARTS = ['lesson', 'works', 'attendance'] as const
export type Part = (typeof PARTS)[number]

export const lessonRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/lessons',
    validateSearch: (search): { week?: string } => ({
      week: typeof search.week === 'string' && WEEK.test(search.week) ? search.week : undefined,
    }),
    component: lazyRouteComponent(() => import('./Lessons'), 'Lessons'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/lessons/new',
    component: lazyRouteComponent(() => import('./PlanLesson'), 'PlanLesson'),
  }),
  createRoute({
    getParentRoute: () => parent,
    path: '/lessons/$lesson',
    validateSearch: (search): { part?: Part } => ({
      part: PARTS.find((part) => part !== 'lesson' && part === search.part),
    }),
    component: lazyRouteComponent(() => import('./LessonPage'), 'LessonPage'),
  }),
]

/** Pupils come without an account. */
export const joinRoutes = (parent: AnyRoute) => [
  createRoute({
    getParentRoute: () => parent,
    path: '/join/$code',
    component: lazyRouteComponent(() => import('./Join'), 'Join'),
  }),
]
