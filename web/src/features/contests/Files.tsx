import { Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FileList } from '../../ui/files/FileList'
import type { Card } from './contests'

/** What the organisers have attached. */
export function Files({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  if (card.attached.length === 0) return null
  return (
    <section>
      <Title order={2} size="h4">
        {t('files')}
      </Title>
      <FileList
        files={card.attached}
        at={`/api/cabinet/contests/${card.contest_id}/files`}
        label={t('files')}
      />
    </section>
  )
}
