import { Button, List, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'

const HELD = [
  'name',
  'workplace',
  'diary',
  'lessons',
  'inbox',
  'news',
  'documents',
  'polls',
  'exams',
  'contests',
  'files',
] as const

/** What the cabinet holds of the person, and all of it as one archive. */
export function Data() {
  const { t } = useTranslation('me')
  const save = useMutation({ mutationFn: () => download('/api/cabinet/export', 'ekis-data.zip') })
  return (
    <Page title={t('data')} narrow>
      <Text>{t('data-text')}</Text>
      <section aria-labelledby="held">
        <Title order={2} size="h4" id="held" mb="xs">
          {t('data-held')}
        </Title>
        <List>
          {HELD.map((what) => (
            <List.Item key={what}>{t(`data-held-${what}`)}</List.Item>
          ))}
        </List>
      </section>
      <Text>{t('data-school')}</Text>
      {save.error && <Trouble error={save.error} again={() => save.mutate()} />}
      {save.isSuccess && <Text role="status">{t('data-saved')}</Text>}
      <Button w="fit-content" loading={save.isPending} onClick={() => save.mutate()}>
        {t('data-download')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('data-archive')}
      </Text>
    </Page>
  )
}
