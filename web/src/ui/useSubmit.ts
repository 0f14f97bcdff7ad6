import type { UseFormReturnType } from '@mantine/form'
import { useEffect, useRef, useState } from 'react'
import { idempotencyKey } from '../api/client'
import { fieldErrors, Refused } from '../api/problem'

interface Submission {
  submit: () => void
  busy: boolean
  /** A refusal that no field explains, or a lost network: then the form is sent again as soon as it is back. */
  error: unknown
}

/**
 * Sends a form: the server's field errors land beside their fields and the first one takes the focus. What was typed
 * stays; the same values keep the same Idempotency-Key, so that a lost answer never makes two of one.
 */
export function useSubmit<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  send: (values: Values, key: string) => Promise<void>,
): Submission {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const sent = useRef({ values: '', key: '' })

  async function attempt(values: Values) {
    const text = JSON.stringify(values)
    if (sent.current.values !== text) sent.current = { values: text, key: idempotencyKey() }
    setBusy(true)
    setError(null)
    try {
      await send(values, sent.current.key)
    } catch (refusal) {
      const errors = refusal instanceof Refused ? fieldErrors(refusal.problem) : {}
      form.setErrors(errors)
      if (Object.keys(errors).length === 0) setError(refusal)
      focusFirst(Object.keys(errors))
    } finally {
      setBusy(false)
    }
  }

  const latest = useRef(attempt)
  useEffect(() => {
    latest.current = attempt
  })
  const offline = error instanceof Refused && error.problem.status === 0
  useEffect(() => {
    if (!offline) return
    const resend = () => void latest.current(form.getValues())
    window.addEventListener('online', resend, { once: true })
    return () => window.removeEventListener('online', resend)
  }, [offline, form])

  const submit = () => form.onSubmit(attempt, (errors) => focusFirst(Object.keys(errors)))()
  return { submit, busy, error }
}

function focusFirst(paths: string[]) {
  requestAnimationFrame(() => {
    const fields = paths.map((path) => document.querySelector<HTMLElement>(`[data-path="${path}"]`))
    fields.find(Boolean)?.focus()
  })
}
