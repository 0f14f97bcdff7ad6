import type { UseFormReturnType } from '@mantine/form'
import { useEffect } from 'react'
import { DRAFT } from '../api/session'

/**
 * Keeps what was typed in this tab, so that a reload or a lost network loses nothing; what is as it was at first is not
 * kept, for it may be newer next time. Never for passwords.
 */
export function useDraft<Values extends Record<string, unknown>>(
  name: string,
  form: UseFormReturnType<Values>,
) {
  const key = DRAFT + name
  useEffect(() => {
    const kept = sessionStorage.getItem(key)
    if (kept) form.setValues(JSON.parse(kept))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the form opens
  }, [])
  const isTyped = form.isDirty()
  useEffect(() => {
    if (isTyped) sessionStorage.setItem(key, JSON.stringify(form.values))
    else sessionStorage.removeItem(key)
  }, [key, form.values, isTyped])
  return { drop: () => sessionStorage.removeItem(key) }
}
