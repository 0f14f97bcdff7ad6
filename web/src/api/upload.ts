import type { components } from './generated/cabinet'
import { Refused } from './problem'
import { currentSession, refresh } from './session'

export type Kept = components['schemas']['FileOut']

interface Options {
  /** From 0 to 1. */
  onProgress: (share: number) => void
  signal: AbortSignal
}

/** Sends a file to the cabinet, to be named by a section afterwards. Throws Refused, or AbortError when it is cancelled. */
export async function upload(file: File, options: Options): Promise<Kept> {
  const first = await attempt(file, options)
  const answer = first.status === 401 && (await refresh()) ? await attempt(file, options) : first
  if (answer.status !== 201) throw refusal(answer)
  return JSON.parse(answer.responseText) as Kept
}

// fetch() tells nothing of how much has left
function attempt(file: File, { onProgress, signal }: Options): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const body = new FormData()
    body.append('file', file)
    request.open('POST', '/api/cabinet/files')
    request.setRequestHeader('Authorization', `Bearer ${currentSession()?.token}`)
    request.setRequestHeader('Accept-Language', document.documentElement.lang)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
    request.onload = () => resolve(request)
    request.onerror = () => reject(new Refused({ status: 0, code: 'network' }))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}

function refusal({ status, responseText }: XMLHttpRequest): Refused {
  try {
    return new Refused({ ...JSON.parse(responseText), status })
  } catch {
    return new Refused({ status, code: 'unreadable' })
  }
}
