import { cabinet, unwrap } from '../../api/client'
import type { Parcel } from '../../api/upload'
import type { components } from '../../api/generated/cabinet'

export type Batch = components['schemas']['ExamBatchOut']
export type Row = components['schemas']['ExamRowOut']

export const VERDICTS = ['new', 'changed', 'unchanged', 'rejected'] as const
export type Verdict = (typeof VERDICTS)[number]

export const isRunning = ({ state }: Batch) => state === 'queued' || state === 'running'

export const titleOf = ({ exam, year, subject }: Batch) => `${exam} ${year}: ${subject}`

export const loadDictionary = () => unwrap(cabinet.GET('/api/cabinet/exam-batches/dictionary'))

export const loadBatches = (cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/exam-batches', { params: { query: { cursor } } }))

const at = (batch_id: string) => ({ params: { path: { batch_id } } })

export const loadBatch = (id: string) => unwrap(cabinet.GET('/api/cabinet/exam-batches/{batch_id}', at(id)))

export const loadRows = (batch_id: string, verdict: Verdict) => (cursor: string | undefined) =>
  unwrap(
    cabinet.GET('/api/cabinet/exam-batches/{batch_id}/rows', {
      params: { path: { batch_id }, query: { verdict, cursor } },
    }),
  )

export const cancel = (id: string) =>
  unwrap(cabinet.POST('/api/cabinet/exam-batches/{batch_id}/cancel', at(id)))

export const publish = (id: string) =>
  unwrap(cabinet.POST('/api/cabinet/exam-batches/{batch_id}/apply', at(id)))

/** What a file is about. */
export type About = { exam: string; year: string; subject: string; reason: string }

/** Tries a file: nothing is known to schools before somebody has seen what would be. */
export const toTry = (file: File, about: About, key: string): Parcel => ({
  path: '/api/cabinet/exam-batches',
  file,
  said: { ...about, mode: 'dry-run' },
  key,
})
