import type { UseFormReturnType } from '@mantine/form'
import { useEffect, useRef, useState } from 'react'
import { idempotencyKey } from '../api/client'
import { fieldErrors, Refused } from '../api/problem'

const SEND_AGAIN = 15_000 // milliseconds, while a server does not answer

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
    const text = JSON.stringify(values, named)
    if (sent.current.values !== text) sent.current = { values: text, key: idempotencyKey() }
    setBusy(true)
    setError(null)
    try {
      await send(values, sent.current.key)
      sent.current = { values: '', key: '' }
    } catch (refusal) {
      const errors = refusal instanceof Refused ? fieldErrors(refusal.problem) : {}
      const paths = Object.keys(errors)
      form.setErrors(errors)
      if (paths.length === 0 || paths.some((path) => !isField(values, path))) setError(refusal)
      focusFirst(paths)
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
    // Who has gone on typing sends it by hand: half a sentence is not sent by itself
    const resend = () => {
      const values = form.getValues()
      if (JSON.stringify(values, named) === sent.current.values) void latest.current(values)
      else setError(null)
    }
    const timer = setInterval(() => navigator.onLine && resend(), SEND_AGAIN)
    window.addEventListener('online', resend)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', resend)
    }
  }, [offline, form])

  const submit = () => form.onSubmit(attempt, (errors) => focusFirst(Object.keys(errors)))()
  return { submit, busy, error }
}

/** A file says nothing of itself in JSON; two files must not share a key. */
const named = (_: string, value: unknown) =>
  value instanceof File ? [value.name, value.size, value.lastModified] : value

/** Whether the form has the field that the server speaks of; what no field shows is said above the button. */
const isField = (values: unknown, path: string) =>
  path
    .split('.')
    .reduce((at, part) => (at as Record<string, unknown> | undefined)?.[part], values as unknown) !==
  undefined

function focusFirst(paths: string[]) {
  requestAnimationFrame(() => {
    const fields = paths.map((path) => document.querySelector<HTMLElement>(`[data-path="${path}"]`))
    fields.find(Boolean)?.focus()
  })
}
