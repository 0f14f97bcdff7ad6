import { useLocalStorage } from '@mantine/hooks'
import { useEffect } from 'react'

const STEPS: Record<string, number> = { j: 1, k: -1, о: 1, л: -1 } // the same keys of a Russian keyboard

const isTyping = (at: EventTarget | null) =>
  at instanceof HTMLElement && at.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null

/** j and k go through a queue; can be switched off, as WCAG 2.1.4 asks. */
export function useQueueKeys(keys: string[], current: string | undefined, open: (key: string) => void) {
  const [on, setOn] = useLocalStorage({ key: 'ekis-queue-keys', defaultValue: true })
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent) => {
      const step = STEPS[event.key.toLowerCase()]
      if (!step || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
      const at = current === undefined ? -1 : keys.indexOf(current)
      const next = keys[at === -1 ? 0 : at + step]
      if (next !== undefined) open(next)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [on, keys, current, open])
  return [on, setOn] as const
}
