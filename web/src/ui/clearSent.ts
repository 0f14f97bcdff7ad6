import type { UseFormReturnType } from '@mantine/form'

/** Empties the fields that still hold what was sent. What was typed while it was on its way stays. */
export function clearSent<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  sent: Partial<Values>,
) {
  const now = form.getValues()
  const still = Object.entries(sent).filter(([name, value]) => now[name] === value)
  form.setValues(Object.fromEntries(still.map(([name]) => [name, ''])) as Partial<Values>)
}
