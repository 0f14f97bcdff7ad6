import { useSyncExternalStore } from 'react'

// Acts of weight ask for the second factor once more. All that wait share one question.
let asked: { answer: Promise<boolean>; settle: (given: boolean) => void } | null = null
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listen) => listen())

/** Asks whoever is signed in for a proof; false when they would rather not. */
export function askForProof(): Promise<boolean> {
  if (asked === null) {
    let settle: (given: boolean) => void = () => undefined
    const answer = new Promise<boolean>((resolve) => {
      settle = resolve
    })
    asked = { answer, settle }
    tell()
  }
  return asked.answer
}

export function settleProof(given: boolean) {
  const waiting = asked
  asked = null
  tell()
  waiting?.settle(given)
}

export function useProofWanted(): boolean {
  const listen = (changed: () => void) => {
    listeners.add(changed)
    return () => listeners.delete(changed)
  }
  return useSyncExternalStore(listen, () => asked !== null)
}
