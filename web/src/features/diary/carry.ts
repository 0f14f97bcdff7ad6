import { Refused } from '../../api/problem'
import { isPassing, saveColumn } from './journal'
import { keepUnsent, keysUnsent, readUnsent, type Unsent } from './unsent'

/** Marks that are on the server now, those that wait for a decision in their journal, and whether to try again. */
export interface Carried {
  sent: number
  left: number
  isAway: boolean
}

/** Sends what an account has left on this device in journals that are open nowhere; sent twice it is written once. */
export async function carryUnsent(account: string): Promise<Carried> {
  const carried: Carried = { sent: 0, left: 0, isAway: false }
  for (const key of keysUnsent(account)) {
    await navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
      if (lock) await carry(key, carried)
    })
  }
  return carried
}

async function carry(key: string, carried: Carried) {
  for (const cells of byLesson(readUnsent(key))) {
    try {
      const entries = cells.map(({ pupil_id, version, cell }) => ({ ...cell, pupil_id, version }))
      await saveColumn({ lesson_id: cells[0]!.lesson_id, entries, reason: null })
      carried.sent += cells.length
      const sent = new Set(cells.map((one) => JSON.stringify(one)))
      keepUnsent(
        key,
        readUnsent(key).filter((one) => !sent.has(JSON.stringify(one))),
      )
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal
      if (isPassing(refusal.problem.status)) carried.isAway = true
      else carried.left += cells.length
    }
  }
}

function byLesson(unsent: Unsent[]): Unsent[][] {
  const lessons = [...new Set(unsent.map((one) => one.lesson_id))]
  return lessons.map((lesson_id) => unsent.filter((one) => one.lesson_id === lesson_id))
}
