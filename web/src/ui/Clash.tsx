import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Records } from './Records'

interface Differs {
  field: string
  name: string
  mine: string
  theirs: string
}

interface Props {
  differs: Differs[]
  busy: boolean
  keepMine: () => void
  takeTheirs: () => void
}

/** Somebody else has changed the thing while it was being edited: both values, and the choice. */
export function Clash({ differs, busy, keepMine, takeTheirs }: Props) {
  const { t } = useTranslation('ui')
  return (
    <Alert color="orange" variant="light" role="alert" title={t('clash')}>
      <Text c="dark.9" mb="sm">
        {t('clash-text')}
      </Text>
      <Records
        caption={t('clash-caption')}
        rows={differs}
        keyOf={({ field }) => field}
        columns={[
          { name: t('clash-field'), cell: ({ name }) => <Text fw={600}>{name}</Text> },
          { name: t('clash-theirs'), cell: ({ theirs }) => theirs || '—' },
          { name: t('clash-mine'), cell: ({ mine }) => mine || '—' },
        ]}
      />
      <Group mt="sm">
        <Button loading={busy} onClick={keepMine}>
          {t('clash-keep')}
        </Button>
        <Button variant="default" onClick={takeTheirs}>
          {t('clash-take')}
        </Button>
      </Group>
    </Alert>
  )
}
