import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { cabinet, unwrap } from '../../api/client'
import { download } from '../../api/download'
import type { components } from '../../api/generated/cabinet'
import { Refused } from '../../api/problem'

export type Set = components['schemas']['ExamSetOut']
export type Result = components['schemas']['ExamResultOut']
export type Summary = components['schemas']['ExamSummary']
export type Average = components['schemas']['ExamAverageOut']

export const MOST_AT_ONCE = 200 // results that the server notes in one request

/** Exams of which the caller sees results. Nothing at all is the same as none: the server does not say more. */
async function loadSets(): Promise<Set[]> {
  try {
    return (await unwrap(cabinet.GET('/api/cabinet/exam-results/sets'))).items
  } catch (refusal) {
    if (refusal instanceof Refused && refusal.problem.status === 404) return []
    throw refusal
  }
}

export const useSets = () => useQuery({ queryKey: ['exam-sets'], queryFn: loadSets })

const about = ({ exam, year, subject }: Set) => ({ exam, year, subject })

export const titleOf = ({ exam, year, subject }: Set) => `${exam} ${year}: ${subject}`

export const loadSummary = (set: Set) =>
  unwrap(cabinet.GET('/api/cabinet/exam-results/summary', { params: { query: about(set) } }))

export const loadResults = (set: Set) => (cursor: string | undefined) =>
  unwrap(cabinet.GET('/api/cabinet/exam-results', { params: { query: { ...about(set), cursor } } }))

export const loadVersions = (result_id: string) =>
  unwrap(cabinet.GET('/api/cabinet/exam-results/{result_id}/versions', { params: { path: { result_id } } }))

export const familiarise = (results: Result[]) =>
  unwrap(
    cabinet.POST('/api/cabinet/exam-results/familiarisations', {
      body: { results: results.map(({ result_id, version }) => ({ result_id, version })) },
    }),
  )

export function save(set: Set) {
  const query = new URLSearchParams({ exam: set.exam, year: String(set.year), subject: set.subject })
  return download(`/api/cabinet/exam-results.csv?${query}`, `${titleOf(set)}.csv`)
}

/** `72,0`, as the reader's language writes it. */
export const number = (value: number) =>
  value.toLocaleString(i18next.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
