import { Stack, Switch, Title } from '@mantine/core'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import type { Listed } from '../../ui/useListing'
import classes from './Bench.module.css'
import { useQueueKeys } from './useQueueKeys'

interface Props<Item> {
  title: string
  empty: string
  filters?: ReactNode
  listed: Listed<Item>
  /** The key of the thing that is open. */
  current: string | undefined
  keyOf: (item: Item) => string
  pathOf: (key: string) => string
  children: (item: Item) => ReactNode
}

/** The queue on the left, the thing on the right; on a phone one after the other. */
export function Bench<Item>(props: Props<Item>) {
  const { title, current } = props
  const queue = <Queue {...props} />
  if (current === undefined) {
    return (
      <Page title={title} wide>
        {queue}
      </Page>
    )
  }
  return (
    <div className={classes.bench}>
      <aside className={classes.queue} aria-label={title}>
        <Title order={2} size="h3" mb="md">
          {title}
        </Title>
        {queue}
      </aside>
      <div className={classes.thing}>
        <Outlet />
      </div>
    </div>
  )
}

function Queue<Item>({ empty, filters, listed, current, keyOf, pathOf, children }: Props<Item>) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const open = (key: string) => void navigate({ to: pathOf(key), search: true } as never)
  const [keysOn, setKeysOn] = useQueueKeys(listed.items.map(keyOf), current, open)
  return (
    <Stack>
      {filters}
      <Listing listed={listed} empty={empty}>
        {(items) => (
          <>
            <ul className={classes.items}>
              {items.map((item) => (
                <li key={keyOf(item)}>
                  <Link
                    to={pathOf(keyOf(item)) as never}
                    search={true as never}
                    className={classes.item}
                    aria-current={keyOf(item) === current ? 'true' : undefined}
                    activeProps={{}}
                  >
                    {children(item)}
                  </Link>
                </li>
              ))}
            </ul>
            <Switch
              className={classes.keys}
              size="sm"
              label={t('queue-keys')}
              checked={keysOn}
              onChange={(event) => setKeysOn(event.currentTarget.checked)}
            />
          </>
        )}
      </Listing>
    </Stack>
  )
}
