import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Paragraphs } from '../../ui/Paragraphs'
import { useListing } from '../../ui/useListing'
import { loadText } from './documents'

/** What could be read of the file of a version: enough for a phone, the file is what counts. */
export function DocumentText({ id, no }: { id: string; no: number }) {
  const { t } = useTranslation('documents')
  const listed = useListing(['documents', 'text', id, no], (cursor) => loadText(id, no, cursor))
  return (
    <section aria-labelledby="text">
      <Title order={2} size="h3" id="text" mb="xs">
        {t('text')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('text-hint')}
      </Text>
      <Listing listed={listed} empty={t('text-empty')}>
        {(items) => (
          <div>
            {items.map((piece) => (
              <Paragraphs key={piece.no} text={piece.text} />
            ))}
          </div>
        )}
      </Listing>
    </section>
  )
}
