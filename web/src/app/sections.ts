import type { Session } from '../api/session'

/** Outlines of 24 x 24, drawn with a line of 1.75. */
export const ICONS = {
  home: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4',
  diary: 'M4 4h16v16H4zM4 9h16M4 14.5h16M10 4v16',
  tasks: 'M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6.5h8M12 12.5h8M12 18.5h8',
  inbox: 'M3 5.5h18v13H3zM3 7l9 6.5L21 7',
  lessons: 'M3 5h18v12H3zM8 21h8M10 8.5v5l4.5-2.5z',
  polls: 'M4 20h16M7 20v-6M12 20V6M17 20v-9',
  exams: 'M6 3h9l4 4v14H6zM15 3v4h4M9.5 14l2 2 4-4',
  contests:
    'M8 4h8v6a4 4 0 0 1-8 0zM8 5.5H4.5V7A3.5 3.5 0 0 0 8 10.5M16 5.5h3.5V7a3.5 3.5 0 0 1-3.5 3.5M12 14v4M8 20h8',
  documents: 'M3 5.5h6l2 2.5h10v11H3z',
  news: 'M4 5h13v14H6a2 2 0 0 1-2-2zM17 9h3v8a2 2 0 0 1-2 2h-1M8 9.5h5M8 13.5h5',
  staff:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.4a3.5 3.5 0 0 1 0 6.2M17.5 14.6c2.1.8 3.5 2.9 3.5 5.4',
  referrals:
    'M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM4 20c0-3.3 2.7-6 6-6 1.3 0 2.5.4 3.5 1.1M15 18l2 2 4-4',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c0-3.6 3.4-6 7.5-6s7.5 2.4 7.5 6',
  more: 'M4 7h16M4 12h16M4 17h16',
} as const

interface Section {
  code: keyof typeof ICONS
  to: string
  /** Stands in the bar of a phone, where the others are behind "ещё". */
  bar?: true
  only?: 'head' | 'employee'
}

/** What the cabinet has, in this order. The server decides what one may do there. Names: `section` in ui/texts. */
export const SECTIONS: readonly Section[] = [
  { code: 'home', to: '/home', bar: true },
  { code: 'diary', to: '/diary', bar: true },
  { code: 'tasks', to: '/tasks', bar: true },
  { code: 'inbox', to: '/inbox', bar: true },
  { code: 'lessons', to: '/lessons' },
  { code: 'polls', to: '/polls' },
  { code: 'exams', to: '/exams' },
  { code: 'contests', to: '/contests' },
  { code: 'documents', to: '/documents' },
  { code: 'news', to: '/news' },
  { code: 'staff', to: '/staff', only: 'head' },
  { code: 'referrals', to: '/referrals', only: 'head' },
  { code: 'me', to: '/me' },
]

/** Operators have the console instead. */
export const sectionsOf = (session: Session | null): readonly Section[] =>
  session?.scope === 'full' && session.roles.length === 0
    ? SECTIONS.filter(({ only }) => only === undefined || only === session.category)
    : []
