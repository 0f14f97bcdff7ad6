import i18next from 'i18next'
import { remedy } from './client'
import { type Problem, Refused } from './problem'
import { currentSession } from './session'

interface Answered {
  status: number
  body: unknown
}

/** What goes up: `said` are the other fields of the form, `key` makes a repeated upload the same upload. */
export interface Parcel {
  path: string
  file: File
  said?: Record<string, string>
  key?: string
}

/**
 * Sends a file as a form, saying how much of it has left (0 to 1), which fetch cannot. Throws Refused, and the signal's
 * own reason when somebody cancels.
 */
export async function upload<Data>(
  parcel: Parcel,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Data> {
  let answer = await send(parcel, progress, signal)
  const wanted = await remedy(answer.status, (answer.body as Partial<Problem> | null)?.code, true)
  if (wanted) answer = await send(parcel, progress, signal, wanted)
  if (answer.status >= 200 && answer.status < 300) return answer.body as Data
  throw new Refused({ code: 'unreadable', ...(answer.body as Problem | null), status: answer.status })
}

function send(
  { path, file, said = {}, key }: Parcel,
  progress: (share: number) => void,
  signal: AbortSignal,
  wanted?: [string, string],
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    for (const [name, value] of Object.entries(said)) form.append(name, value)
    form.append('file', file)
    request.open('POST', path)
    const headers = new Map([
      ['Authorization', `Bearer ${currentSession()?.token}`],
      ['Accept-Language', i18next.language],
    ])
    if (key) headers.set('Idempotency-Key', key)
    if (wanted) headers.set(...wanted)
    for (const header of headers) request.setRequestHeader(...header)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    request.onload = () => resolve({ status: request.status, body: request.response })
    request.onerror = () => reject(new Refused({ status: 0, code: 'network' }))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}
