import { cabinet, registry, unwrap } from './client'
import { loadWorkplace } from './workplace'

/** Something that waits for the person: `page` is where it is done. */
export interface Task {
  id: string
  title: string
  page: string
  due: string | null
}

interface Source {
  /** Its name is `source.<code>`. */
  code: string
  only?: 'head' | 'employee'
  load: () => Promise<Task[]>
}

async function documents(): Promise<Task[]> {
  const query = { asked: true, limit: 50 }
  const { items } = await unwrap(cabinet.GET('/api/cabinet/documents', { params: { query } }))
  return items.map(({ document_id, title, acknowledge_by }) => ({
    id: document_id,
    title,
    page: `/documents/${document_id}`,
    due: acknowledge_by,
  }))
}

async function polls(): Promise<Task[]> {
  const query = { own: 'open', limit: 50 } as const
  const { items } = await unwrap(cabinet.GET('/api/cabinet/polls', { params: { query } }))
  return items.map(({ poll_id, title, closes_at }) => ({
    id: poll_id,
    title,
    page: `/polls/${poll_id}`,
    due: closes_at,
  }))
}

async function workplace(): Promise<Task[]> {
  const { complete, school } = await loadWorkplace()
  return complete ? [] : [{ id: 'workplace', title: school?.short_name ?? '', page: '/welcome', due: null }]
}

async function referrals(): Promise<Task[]> {
  const { items } = await unwrap(
    registry.GET('/api/registry/referrals', { params: { query: { limit: 50 } } }),
  )
  return items.map(({ request_id, applicant }) => ({
    id: request_id,
    title: [applicant.last_name, applicant.first_name, applicant.patronymic].filter(Boolean).join(' '),
    page: '/referrals',
    due: null,
  }))
}

/** One line a kind of task; each is read by itself, so that one that fails hides no other. */
const SOURCES: readonly Source[] = [
  { code: 'documents', load: documents },
  { code: 'polls', load: polls },
  { code: 'referrals', only: 'head', load: referrals },
  { code: 'workplace', load: workplace },
]

export const sourcesOf = (category: string | null | undefined) =>
  SOURCES.filter(({ only }) => only === undefined || only === category)

/** All of them, the nearest deadline first. Throws when one kind cannot be read. */
export async function loadTasks(category: string | null | undefined): Promise<Task[]> {
  const found = await Promise.all(sourcesOf(category).map(({ load }) => load()))
  return found.flat().sort((one, other) => (one.due ?? '9').localeCompare(other.due ?? '9'))
}
