import { Button, Skeleton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Trouble } from './Trouble'
import type { Listed } from './useListing'

interface Props<Item> {
  listed: Listed<Item>
  /** What will be here and how to begin. */
  empty: string
  children: (items: Item[]) => ReactNode
}

/** What surrounds a list: its skeleton, its trouble, what an empty one says, and the way to more of it. */
export function Listing<Item>({ listed, empty, children }: Props<Item>) {
  const { t } = useTranslation('ui')
  if (listed.isPending) {
    return (
      <Stack gap="xs" role="status" aria-label={t('loading')}>
        {[1, 2, 3, 4].map((row) => (
          <Skeleton key={row} h={56} />
        ))}
      </Stack>
    )
  }
  return (
    <Stack gap="sm">
      {listed.error && <Trouble error={listed.error} again={listed.again} />}
      {!listed.error && listed.items.length === 0 && <Text c="dimmed">{empty}</Text>}
      {listed.items.length > 0 && children(listed.items)}
      {listed.hasMore && (
        <Button variant="default" w="fit-content" loading={listed.isLoadingMore} onClick={listed.more}>
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}
