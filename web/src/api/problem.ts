/** RFC 9457, with a stable code and an entry per field. */
export interface Problem {
  status: number
  code: string
  detail?: string
  title?: string
  errors?: { pointer: string; code: string; detail: string }[]
  [more: string]: unknown
}

/** A refusal of the server; status 0 when the network did not answer. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem
  readonly retryAfter: number | null

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title ?? problem.code)
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

/** Texts of the problem's fields by form path: `/school/inn` is `school.inn`, `/subjects/0` the list `subjects`. */
export function fieldErrors(problem: Problem): Record<string, string> {
  const entries = problem.errors ?? []
  return Object.fromEntries(
    entries.map((one) => [
      one.pointer
        .slice(1)
        .replace(/\/\d+$/, '')
        .replaceAll('/', '.'),
      one.detail,
    ]),
  )
}
