import { Refused } from '../../api/problem'
import type { Kept } from './cells'
import { type Column, isPassing, saveColumn, whole } from './journal'
import type { Sheet } from './sheet'
import { holdUnsent, keepUnsent } from './unsent'

const PAUSE = 600 // milliseconds after the last key
const LATER = 10_000 // milliseconds, when the server does not answer
const REST = 4_000 // milliseconds without a key, after which the server's averages are asked for

/**
 * Carries what is typed into a sheet to the server, a lesson at a time, and keeps it on the device until it is there.
 * `told`: whether the server is out of reach now. `settled`: everything is there, and nobody types.
 */
export class Sending {
  private timer: ReturnType<typeof setTimeout> | undefined
  private resting: ReturnType<typeof setTimeout> | undefined
  private isRunning = false

  constructor(
    private readonly sheet: Sheet,
    private readonly key: string,
    private readonly told: (isAway: boolean) => void,
    private readonly settled: () => void,
  ) {}

  start() {
    const release = holdUnsent(this.key)
    const stop = this.sheet.subscribe(() => this.soon(PAUSE))
    const now = () => this.soon(0)
    window.addEventListener('online', now)
    window.addEventListener('pagehide', this.keep)
    this.soon(0)
    return () => {
      stop()
      window.removeEventListener('online', now)
      window.removeEventListener('pagehide', this.keep)
      this.soon(0)
      clearTimeout(this.resting)
      release()
    }
  }

  private keep = () => keepUnsent(this.key, this.sheet.unsent())

  private soon(delay: number) {
    clearTimeout(this.timer)
    clearTimeout(this.resting)
    this.timer = setTimeout(() => void this.run(), delay)
  }

  private async run() {
    this.keep()
    if (this.isRunning) return
    this.isRunning = true
    let any = false
    try {
      for (let column = this.sheet.nextColumn(); column; column = this.sheet.nextColumn()) {
        await this.send(column)
        any = true
      }
      this.told(false)
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal
      this.told(true)
      this.soon(LATER)
    } finally {
      this.isRunning = false
      this.keep()
    }
    if (any) this.resting = setTimeout(this.settled, REST)
  }

  /** Throws what another try may mend. */
  private async send(column: Column) {
    try {
      const changed = await saveColumn(column)
      this.sheet.returned(column)
      this.sheet.saved(column, new Map(changed.map((one) => [one.pupil_id, one.version])))
    } catch (refusal) {
      this.sheet.returned(column)
      if (!(refusal instanceof Refused) || isPassing(refusal.problem.status)) throw refusal
      this.take(column, refusal)
    }
  }

  private take({ lesson_id, entries }: Column, { problem, message }: Refused) {
    if (problem.status === 412) {
      const { cells } = problem.current as { cells: { pupil_id: string; current: Kept }[] }
      return this.sheet.conflicted(lesson_id, new Map(cells.map((one) => [one.pupil_id, whole(one.current)])))
    }
    const all = entries.map((one) => one.pupil_id)
    const wrong = (problem.errors ?? []).map(({ pointer, detail }) => {
      const place = pointer.match(/^\/marks\/(\d+)/)?.[1]
      return { pupil_id: place && entries[Number(place)]?.pupil_id, detail }
    })
    if (problem.code === 'reason-required') this.sheet.refused(lesson_id, all, 'reason')
    else if (wrong.length && wrong.every((one) => one.pupil_id)) {
      for (const one of wrong) this.sheet.refused(lesson_id, [one.pupil_id!], 'refused', one.detail)
    } else this.sheet.refused(lesson_id, all, 'refused', message)
  }
}
