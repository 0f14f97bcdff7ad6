import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { accountIs } from './find'
import type { Member } from './roll'

const COLOURS = { none: 'gray.2', issued: 'orange.2', active: 'green.2', suspended: 'red.2' }

/** Whether the person has an account; the colour says the same once more. */
export function AccountBadge({ member }: { member: Member }) {
  const { t } = useTranslation('staff')
  const is = accountIs(member)
  return (
    <Badge color={COLOURS[is]} c="dark.9" variant="filled" size="lg" fw={500} radius="sm">
      {t(`account.${is}`)}
    </Badge>
  )
}
