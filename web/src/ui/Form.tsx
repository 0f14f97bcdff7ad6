import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** A form whose fields are checked by us and by the server, never by the browser. */
export function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation() // a dialog's form is within the page's one for React, wherever it is in the document
        onSubmit()
      }}
    >
      <Stack>{children}</Stack>
    </form>
  )
}
