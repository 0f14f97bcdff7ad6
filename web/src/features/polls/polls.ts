import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'
import { tagged } from '../../api/tagged'

type Schemas = components['schemas']
export type Poll = Schemas['PollOut'] & { etag: string }
export type Question = Schemas['QuestionOut']
export type Listed = Schemas['ListedOut']
export type Written = Schemas['WrittenOut']
export type Results = Schemas['ResultsOut']
export type QuestionResult = Schemas['QuestionResultOut']
export type PollBody = Schemas['PollIn']
export type Own = Listed['own']
export type State = Written['state']
export type Step = 'publish' | 'close'

export const OWN = ['open', 'answered', 'closed'] as const
export const STATES = ['draft', 'published', 'closed'] as const
export const KINDS = ['single', 'multiple', 'scale', 'text'] as const
export const LONGEST_TEXT = 1000 // letters

export const isOfCity = (poll: { school_id: string | null }) => poll.school_id === null

const of = (poll_id: string) => ({ path: { poll_id } })
const same = (poll_id: string, etag: string) => ({ ...of(poll_id), header: { 'If-Match': etag } })

export const loadPolls = (own: Own, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/polls', { params: { query: { own, cursor } } }))

export const loadWritten = (state: State | undefined, cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/polls/written', { params: { query: { state, cursor } } }))

export const loadPoll = (id: string) =>
  tagged(cabinet.GET('/api/cabinet/polls/{poll_id}', { params: of(id) }))

export const writePoll = (body: PollBody, key: string) =>
  tagged(cabinet.POST('/api/cabinet/polls', { body, params: { header: { 'Idempotency-Key': key } } }))

export const editPoll = (id: string, etag: string, body: Schemas['PollEdit']) =>
  tagged(cabinet.PATCH('/api/cabinet/polls/{poll_id}', { body, params: same(id, etag) }))

export const deletePoll = (id: string, etag: string) =>
  unwrap(cabinet.DELETE('/api/cabinet/polls/{poll_id}', { params: same(id, etag) }))

export const takeStep = (step: Step, id: string, etag: string) =>
  tagged(
    step === 'publish'
      ? cabinet.POST('/api/cabinet/polls/{poll_id}/publish', { params: same(id, etag) })
      : cabinet.POST('/api/cabinet/polls/{poll_id}/close', { params: same(id, etag) }),
  )

export type Given = number | number[] | string

export const answerPoll = (id: string, answers: Record<string, Given>, key: string) =>
  unwrap(
    cabinet.POST('/api/cabinet/polls/{poll_id}/answers', {
      body: { answers },
      params: { path: { poll_id: id }, header: { 'Idempotency-Key': key } },
    }),
  )

export const loadResults = (id: string) =>
  unwrap(cabinet.GET('/api/cabinet/polls/{poll_id}/results', { params: of(id) }))

export const loadNamed = (id: string, cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/polls/{poll_id}/answers', {
      params: { path: { poll_id: id }, query: { cursor } },
    }),
  )

/** What an answer of somebody says to a reader. */
export function worded(question: Question, said: (number | string)[]): string {
  const words = said.map((one) =>
    typeof one === 'number' && question.kind !== 'scale' ? question.options[one] : String(one),
  )
  return words.join('; ')
}
