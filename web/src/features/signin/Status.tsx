import { Button, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '../../ui/Form'

type Stated = 'head' | 'employee'

/** Head or employee: the roll checks what is stated and grants nothing. */
export function Status({ onStated }: { onStated: (status: Stated) => void }) {
  const { t } = useTranslation(['signin', 'ui'])
  const [status, setStatus] = useState<Stated | ''>('')
  return (
    <Form onSubmit={() => status && onStated(status)}>
      <Text>{t('status-text')}</Text>
      <Radio.Group label={t('status')} value={status} onChange={(value) => setStatus(value as Stated)}>
        <Stack mt="xs">
          <Radio value="employee" label={t('employee')} />
          <Radio value="head" label={t('head')} />
        </Stack>
      </Radio.Group>
      <Button type="submit" w="fit-content" disabled={!status}>
        {t('ui:next')}
      </Button>
    </Form>
  )
}
