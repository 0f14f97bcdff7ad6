import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'

/** The way to where one came from. */
export function Back({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to as never} py={10} mt="-md" w="fit-content" data-print="never">
      ← {children}
    </Anchor>
  )
}
