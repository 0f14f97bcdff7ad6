import { Anchor, Skeleton, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Bench.module.css'

interface Props {
  title: string
  /** The queue that it is from; beside it on a wide screen, a link on a narrow one. */
  back: { to: string; name: string; always?: boolean }
  query: { isPending: boolean; error: unknown; refetch: () => unknown }
  children: () => ReactNode
}

/** One thing of a queue: its heading, and its content once it is there. */
export function Thing({ title, back, query, children }: Props) {
  return (
    <Page title={title}>
      <Anchor
        component={Link}
        to={back.to as never}
        search={true as never}
        className={back.always ? undefined : classes.back}
        mt="-md"
        w="fit-content"
      >
        ← {back.name}
      </Anchor>
      {query.error ? <Trouble error={query.error} again={() => void query.refetch()} /> : null}
      {query.isPending && !query.error ? (
        <Stack aria-hidden>
          <Skeleton h={28} w="60%" />
          <Skeleton h={160} />
          <Skeleton h={120} />
        </Stack>
      ) : null}
      {!query.isPending && children()}
    </Page>
  )
}
