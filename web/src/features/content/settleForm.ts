import type { UseFormReturnType } from '@mantine/form'

/** What was sent is what the form began with from now on; what was typed while it was on its way stays. */
export function settleForm<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  sent: Values,
  saved: Values,
) {
  form.setInitialValues(saved)
  if (JSON.stringify(form.getValues()) === JSON.stringify(sent)) form.setValues(saved)
}
