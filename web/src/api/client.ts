import i18next from 'i18next'
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths as CabinetPaths } from './generated/cabinet'
import type { paths as IdentityPaths } from './generated/identity'
import type { paths as NotifyPaths } from './generated/notify'
import type { paths as RegistryPaths } from './generated/registry'
import { type Problem, Refused } from './problem'
import { askForProof } from './proof'
import { proveWork } from './proofOfWork'
import { currentSession, refresh } from './session'

/** Says who asks, and in which language. */
export function signed(request: Request): Request {
  const session = currentSession()
  if (session) request.headers.set('Authorization', `Bearer ${session.token}`)
  request.headers.set('Accept-Language', i18next.language)
  return request
}

const carry: Middleware = { onRequest: ({ request }) => signed(request) }

const codeOf = async (answer: Response) => {
  const problem = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as Partial<Problem>
  return problem.code
}

/**
 * What the server wants before it answers, as a header: a newer token, a proof of whoever sits there (ui/StepUp), or
 * work from a source that has filed many forms. Null when there is nothing to be done.
 */
export async function remedy(
  status: number,
  code: string | undefined,
  isSigned: boolean,
): Promise<[string, string] | null> {
  if (code === 'proof-of-work-required') {
    const work = await proveWork().catch(() => null)
    return work ? ['Proof-Of-Work', work] : null
  }
  if (status !== 401 || !isSigned) return null
  const proven =
    code === 'proof-required'
      ? (await askForProof()) && (await refresh()) // the new token says that it was given
      : code === 'not-signed-in' && (await refresh())
  return proven ? ['Authorization', `Bearer ${currentSession()?.token}`] : null
}

/** Fetches, and once more when the server wants something first. */
export async function send(request: Request): Promise<Response> {
  const spare = request.clone()
  const answer = await ask(request)
  const code = [401, 429].includes(answer.status) ? await codeOf(answer) : undefined
  const wanted = await remedy(answer.status, code, request.headers.has('Authorization'))
  if (!wanted) return answer
  spare.headers.set(...wanted)
  return ask(spare)
}

async function ask(request: Request): Promise<Response> {
  return fetch(request).catch(() => {
    throw new Refused({ status: 0, code: 'network' })
  })
}

const options = { baseUrl: '/', fetch: send }
export const registry = createClient<RegistryPaths>(options)
export const identity = createClient<IdentityPaths>(options)
export const cabinet = createClient<CabinetPaths>(options)
export const notify = createClient<NotifyPaths>(options)
for (const client of [registry, identity, cabinet, notify]) client.use(carry)

interface Answer<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The data of an answer. Throws Refused for everything but 2xx. */
export async function unwrap<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await asked
  if (response.ok) return data as Data
  const known = typeof error === 'object' && error !== null
  const problem = known ? (error as Problem) : { status: response.status, code: 'unreadable' }
  throw refusal(problem, response)
}

function refusal(problem: Problem, response: Response): Refused {
  const after = Number(response.headers.get('Retry-After')) || null
  return new Refused({ ...problem, status: response.status }, after)
}

/** A key that makes a repeated POST the same POST; keep it as long as what was typed is the same. */
export const idempotencyKey = () => crypto.randomUUID()
