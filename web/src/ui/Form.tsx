import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** A form whose fields are checked by us and by the server, never by the browser. */
export function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation() // a dialog of a form is within it for React
        onSubmit()
      }}
    >
      <Stack>{children}</Stack>
    </form>
  )
}
