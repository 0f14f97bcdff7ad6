import i18next from 'i18next'
import { type Problem, Refused } from './problem'
import { currentSession, refresh } from './session'

interface Answered {
  status: number
  body: unknown
}

/**
 * Sends a file as a form, saying how much of it has left (0 to 1), which fetch cannot. Throws Refused, and the signal's
 * own reason when somebody cancels.
 */
export async function upload<Data>(
  path: string,
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Data> {
  let answer = await send(path, file, progress, signal)
  if (answer.status === 401 && (await refresh())) answer = await send(path, file, progress, signal)
  if (answer.status >= 200 && answer.status < 300) return answer.body as Data
  throw new Refused({ code: 'unreadable', ...(answer.body as Problem | null), status: answer.status })
}

function send(
  path: string,
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file)
    request.open('POST', path)
    request.setRequestHeader('Authorization', `Bearer ${currentSession()?.token}`)
    request.setRequestHeader('Accept-Language', i18next.language)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    request.onload = () => resolve({ status: request.status, body: request.response })
    request.onerror = () => reject(new Refused({ status: 0, code: 'network' }))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}
