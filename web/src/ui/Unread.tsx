import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The mark of what has not been read, in a word. */
export function Unread() {
  const { t } = useTranslation('ui')
  return (
    <Badge color="orange.2" variant="filled" radius="sm">
      {t('new')}
    </Badge>
  )
}
