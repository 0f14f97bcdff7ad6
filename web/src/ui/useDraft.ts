import type { UseFormReturnType } from '@mantine/form'
import { useEffect } from 'react'
import { DRAFT } from '../api/session'

/** Keeps what was typed in this tab, so that a reload or a lost network loses nothing. Never for passwords. */
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
  useEffect(() => {
    sessionStorage.setItem(key, JSON.stringify(form.values))
  }, [key, form.values])
  return { drop: () => sessionStorage.removeItem(key) }
}
