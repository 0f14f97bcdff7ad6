import { Container, Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'

interface Props {
  title: string
  narrow?: boolean
  wide?: boolean
  children: ReactNode
}

/** A page with its one h1, which takes the focus when the page opens, so that a screen reader says where one is. */
export function Page({ title, narrow = false, wide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ЕКИС`
    heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <Container size={narrow ? 'xs' : wide ? 'xl' : 'md'} py="lg" px="md">
      <Stack gap="lg">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {title}
        </Title>
        {children}
      </Stack>
    </Container>
  )
}
