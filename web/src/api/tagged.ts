import { unwrap } from './client'
import { Refused } from './problem'

/** The data of an answer with its version, for the next If-Match. Throws Refused. */
export async function tagged<Data>(
  asked: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data & { etag: string }> {
  const data = await unwrap(asked)
  return { ...data, etag: (await asked).response.headers.get('ETag') ?? '' }
}

/** Whether somebody else has changed it since it was read. */
export const isStale = (refusal: unknown) => refusal instanceof Refused && refusal.problem.status === 412
