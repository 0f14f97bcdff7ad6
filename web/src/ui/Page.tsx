import { Container, Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useUnread } from '../api/unread'

interface Props {
  title: string
  narrow?: boolean
  wide?: boolean
  children: ReactNode
}

/**
 * A page with its one h1, which takes the focus when the page opens, so that a screen reader says where one is. The
 * browser's tab shows how many notices are unread too.
 */
export function Page({ title, narrow = false, wide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const unread = useUnread()
  useEffect(() => heading.current?.focus({ preventScroll: true }), [title])
  useEffect(() => {
    document.title = `${unread ? `(${unread}) ` : ''}${title} · ЕКИС`
  }, [title, unread])
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
