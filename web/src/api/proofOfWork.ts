import type { Challenge } from 'altcha/lib'

/** A challenge solved beside the page, as the header Proof-Of-Work takes it. Null when it could not be solved in time. */
export async function proveWork(): Promise<string | null> {
  const [{ solveChallengeWorkers }, { default: Solver }] = await Promise.all([
    import('altcha/lib'),
    import('altcha/workers/pbkdf2?worker'),
  ])
  const challenge = (await (await fetch('/api/identity/challenge')).json()) as Challenge
  const solution = await solveChallengeWorkers({
    challenge,
    concurrency: Math.min(4, navigator.hardwareConcurrency || 2),
    createWorker: () => new Solver(),
  })
  return solution && btoa(JSON.stringify({ challenge, solution }))
}
