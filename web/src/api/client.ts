import i18next from 'i18next'
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths as CabinetPaths } from './generated/cabinet'
import type { paths as IdentityPaths } from './generated/identity'
import type { paths as NotifyPaths } from './generated/notify'
import type { paths as RegistryPaths } from './generated/registry'
import { type Problem, Refused } from './problem'
import { proveWork } from './proofOfWork'
import { currentSession, refresh } from './session'

const carry: Middleware = {
  onRequest({ request }) {
    const session = currentSession()
    if (session) request.headers.set('Authorization', `Bearer ${session.token}`)
    request.headers.set('Accept-Language', i18next.language)
    return request
  },
}

async function ask(request: Request): Promise<Response> {
  return fetch(request).catch(() => {
    throw new Refused({ status: 0, code: 'network' })
  })
}

/** What the server wants before it answers: a newer token, or work from a source that has filed many forms. */
async function remedy(request: Request, answer: Response): Promise<[string, string] | null> {
  if (answer.status === 401 && request.headers.has('Authorization') && (await isExpired(answer))) {
    return (await refresh()) ? ['Authorization', `Bearer ${currentSession()!.token}`] : null
  }
  if (answer.status === 429 && (await codeOf(answer)) === 'proof-of-work-required') {
    const proof = await proveWork()
    return proof ? ['Proof-Of-Work', proof] : null
  }
  return null
}

const codeOf = async (answer: Response) => ((await answer.clone().json()) as Problem).code
const isExpired = async (answer: Response) => (await codeOf(answer)) === 'not-signed-in'

async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const answer = await ask(request)
  const wanted = await remedy(request, answer)
  if (!wanted) return answer
  again.headers.set(...wanted)
  return ask(again)
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
  throw new Refused(
    { ...problem, status: response.status },
    Number(response.headers.get('Retry-After')) || null,
  )
}

/** A key that makes a repeated POST the same POST; keep it as long as what was typed is the same. */
export const idempotencyKey = () => crypto.randomUUID()
