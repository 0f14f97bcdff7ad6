import { Alert, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isOfCity, type Poll } from './polls'

/** Who will see what is answered, before it is. */
export function Seen({ poll }: { poll: Pick<Poll, 'anonymous' | 'school_id' | 'shares_results'> }) {
  const { t } = useTranslation('polls')
  const whom = isOfCity(poll) ? 'city' : 'school'
  return (
    <Alert
      color={poll.anonymous ? 'blue' : 'orange'}
      variant="light"
      title={t(poll.anonymous ? 'seen-secret' : 'seen-named')}
    >
      <Text c="dark.9">{t(poll.anonymous ? 'seen-secret-text' : `seen-named-${whom}`)}</Text>
      <Text c="dark.9">{t(poll.shares_results ? 'seen-shared' : `seen-unshared-${whom}`)}</Text>
    </Alert>
  )
}
